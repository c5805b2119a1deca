import { arrowPath } from "./graph-box-text.ts";
import { type GraphArrow, type GraphLayout, graphMargin } from "./graph-layout.ts";

type Props = {
  readonly layout: GraphLayout;
  readonly relatives: ReadonlySet<string> | undefined;
};

/** From each issuer to what it issues; those on the way of what is looked at stand out. */
export function GraphArrows({ layout: { boxes, arrows, width, height }, relatives }: Props) {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const isOnWay = ({ from, to }: GraphArrow): boolean => (relatives?.has(from) && relatives.has(to)) === true;
  // Those on the way last: over the others.
  const sorted = arrows
    .filter((arrow) => !arrow.isImplied || isOnWay(arrow))
    .toSorted((a, b) => Number(isOnWay(a)) - Number(isOnWay(b)));
  return (
    <svg aria-hidden width={width + 2 * graphMargin} height={height + 2 * graphMargin} className="tcm-graph-arrows">
      <g transform={`translate(${graphMargin} ${graphMargin})`}>
        {sorted.map((arrow) => {
          const [from, to] = [byId.get(arrow.from), byId.get(arrow.to)];
          if (from === undefined || to === undefined) return null;
          const faint = relatives !== undefined && !isOnWay(arrow) ? " tcm-graph-faint" : "";
          const way = isOnWay(arrow) ? " tcm-graph-way" : "";
          return (
            <path
              key={`${arrow.from} ${arrow.to}`}
              d={arrowPath(from, to, arrow.isBack)}
              className={`tcm-graph-arrow${faint}${way}${arrow.isBack ? " tcm-graph-back" : ""}`}
            />
          );
        })}
      </g>
    </svg>
  );
}
