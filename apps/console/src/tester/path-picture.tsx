import { shortName } from "../structure/tree-items.ts";
import { Fingerprint } from "../text/fingerprint.tsx";
import { Time } from "../text/time.tsx";
import { type PathRow, type PathStep, stopFacts } from "./path-rows.ts";

type Props = {
  readonly row: PathRow;
  readonly label: string;
  /** Why it ended stands above already. */
  readonly isSaid: boolean;
};

/** One path from the client's certificate up to the anchor, or to where it ended and why. A picture that is a list. */
export function PathPicture({ row, label, isSaid }: Props) {
  const { steps, stop } = row;
  return (
    <div className="tcm-path-row">
      <ol className="tcm-path" aria-label={label}>
        {steps.map((step) => (
          <Step key={step.fingerprint} step={step} isAnchored={stop === undefined} />
        ))}
      </ol>
      {stop !== undefined && (
        <p className="tcm-path-reason">
          {isSaid ? "" : stop.sentence} {stopFacts(stop)} <code>{stop.code}</code>{" "}
          <span className="tcm-faint">{stop.cites}</span>
        </p>
      )}
    </div>
  );
}

function Step({ step, isAnchored }: { readonly step: PathStep; readonly isAnchored: boolean }) {
  const { role, subject, fingerprint, endDate, isStop } = step;
  const isAnchor = isAnchored && role === "trust anchor";
  return (
    <li className={isStop ? "tcm-path-stop" : isAnchor ? "tcm-path-anchor" : ""}>
      <span className="tcm-faint">{isStop ? `${role}: the path ends here` : role}</span>
      <span className="tcm-name" title={subject}>
        {shortName(subject)}
      </span>
      <Fingerprint sha256={fingerprint} />
      <span className="tcm-faint">
        until <Time iso={endDate} />
      </span>
    </li>
  );
}
