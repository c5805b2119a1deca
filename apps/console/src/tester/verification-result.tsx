import { Alert, List, ListItem } from "@patternfly/react-core";
import type { VerificationView } from "@tcm/api-contract";
import { networkName } from "../text/network-name.ts";
import { plural } from "../text/time-text.ts";
import { PathPicture } from "./path-picture.tsx";
import { pathRows } from "./path-rows.ts";

const verdicts = {
  accepted: { variant: "success", title: "Accepted: an edge lets this client in" },
  refused: { variant: "danger", title: "Refused: an edge turns this client away" },
  undetermined: { variant: "warning", title: "Not decided within its limits: an edge turns this client away" },
} as const;

/** The verdict, and every path that was tried as a picture, with where it ended and why. */
export function VerificationResult({ result }: { readonly result: VerificationView }) {
  const { verdict, reason, advice, caSetName, version, network } = result;
  const { variant, title } = verdicts[verdict];
  const rows = pathRows(result);
  const accepted = rows.filter(({ stop }) => stop === undefined);
  const stopped = rows.filter(({ stop }) => stop !== undefined);
  return (
    <section aria-label="Result" className="tcm-result" ref={bringIntoView}>
      <Alert variant={variant} isInline isLiveRegion component="h2" title={title}>
        <p className="tcm-name">
          {`By ${caSetName} version ${version}${network === null ? "" : `, which runs on ${networkName[network]}`}.`}
        </p>
        {reason !== undefined && (
          <p>
            {reason.sentence} <code>{reason.code}</code> <span className="tcm-faint">{reason.cites}</span>
          </p>
        )}
      </Alert>
      {accepted.map((row) => (
        <PathPicture key="accepted" row={row} isSaid label="Certification path" />
      ))}
      {advice.length > 0 && (
        <Alert variant="warning" isInline component="h3" title="Engines on OpenSSL would decide otherwise">
          <List>
            {advice.map(({ code, certificate, sentence }) => (
              <ListItem key={`${code} ${certificate.fingerprint}`}>{sentence}</ListItem>
            ))}
          </List>
        </Alert>
      )}
      {stopped.length > 0 && (
        <>
          <h3 className="tcm-heading">{plural(stopped.length, "path")} that did not lead to an anchor</h3>
          {stopped.map((row, i) => (
            <PathPicture
              key={`${row.steps.map(({ fingerprint }) => fingerprint).join()} ${row.stop?.code}`}
              row={row}
              isSaid={row.stop?.sentence === reason?.sentence}
              label={`Path ${i + 1} that did not lead to an anchor`}
            />
          ))}
        </>
      )}
    </section>
  );
}

/** When it comes: on a small screen the form fills the window. */
function bringIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}
