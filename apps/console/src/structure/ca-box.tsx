import { expiryText, plural } from "../text/time-text.ts";
import { nameParts } from "./graph-box-text.ts";
import { boxHeight, boxWidth, type GraphBox, graphMargin } from "./graph-layout.ts";
import { shortName } from "./tree-items.ts";
import { urgencyOf } from "./urgency.ts";

type Props = {
  readonly box: GraphBox;
  readonly isAt: boolean;
  readonly isFocus: boolean;
  readonly isFaint: boolean;
  readonly place: string;
  readonly onChoose: () => void;
};

/** A CA of the picture, or many that stand for themselves when they are asked for. */
export function CaBox({ box, isAt, isFocus, isFaint, place, onChoose }: Props) {
  const classes = ["tcm-graph-box", `tcm-graph-${box.kind === "more" ? "more" : box.member.kind}`];
  if (isFaint) classes.push("tcm-graph-faint");
  return (
    <div
      role="option"
      aria-selected={isFocus}
      tabIndex={isAt ? 0 : -1}
      className={classes.join(" ")}
      style={{ left: box.x + graphMargin, top: box.y + graphMargin, width: boxWidth, height: boxHeight }}
      title={box.kind === "more" ? undefined : box.member.subject}
      onClick={onChoose}
    >
      <BoxText box={box} />
      <span className="tcm-unseen">{place}</span>
    </div>
  );
}

function BoxText({ box }: { readonly box: GraphBox }) {
  if (box.kind === "more") return <span className="tcm-graph-name">{plural(box.members.length, "more CA")}</span>;
  const { subject, endDate } = box.member;
  const now = Date.now();
  return (
    <>
      <Name name={shortName(subject)} />
      <span className={`tcm-line tcm-urgency-${urgencyOf(endDate, now)}`}>{expiryText(endDate, now)}</span>
    </>
  );
}

/** Cut before its end where it is too long for the box; who hears the page, hears the whole. */
function Name({ name }: { readonly name: string }) {
  const [start, end] = nameParts(name);
  return (
    <>
      <bdi className="tcm-unseen">{name}</bdi>
      <bdi className="tcm-graph-name tcm-graph-cut" aria-hidden>
        <span>{start}</span>
        <span>{end}</span>
      </bdi>
    </>
  );
}
