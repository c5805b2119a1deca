import { Button, Checkbox } from "@patternfly/react-core";
import type { ChainStructure } from "@tcm/core";
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { expiryText, plural } from "../text/time-text.ts";
import { arrowPath, nameParts, placeText } from "./graph-box-text.ts";
import { boxHeight, boxWidth, type GraphArrow, type GraphBox, graphLayout } from "./graph-layout.ts";
import { relativesOf } from "./graph-members.ts";
import { isWalkKey, walk } from "./graph-walk.ts";
import { shortName } from "./tree-items.ts";
import { urgencyOf } from "./urgency.ts";

type Props = {
  readonly structure: ChainStructure;
  readonly label: string;
  /** The fingerprint of the certificate that is looked at. */
  readonly focus: string | undefined;
  readonly onFocus: (fingerprint: string | undefined) => void;
};

const margin = 12;

/**
 * The structure as a picture: roots on top, each CA below each of its issuers. The arrow keys walk along it, Enter looks at a
 * certificate and opens a box of many. The tree beside it says the same in words.
 */
export function ChainGraph({ structure, label, focus, onFocus }: Props) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [isFocusAlone, setFocusAlone] = useState(false);
  const relatives = useMemo(
    () => (focus === undefined ? undefined : relativesOf(structure, focus)),
    [structure, focus],
  );
  const drawn = useMemo(
    () => (isFocusAlone && relatives !== undefined ? only(structure, relatives) : structure),
    [structure, relatives, isFocusAlone],
  );
  const layout = useMemo(() => graphLayout(drawn, open, focus), [drawn, open, focus]);
  const [walked, setWalked] = useState<string>();
  const picture = useRef<HTMLDivElement>(null);
  useInSight(picture, focus);
  const at = layout.boxes.find(({ id }) => id === walked)?.id ?? focus ?? layout.boxes[0]?.id;
  const choose = (box: GraphBox): void => {
    setWalked(box.kind === "more" ? box.members[0]?.fingerprint : box.id);
    if (box.kind === "more") setOpen(new Set([...open, box.id]));
    else onFocus(box.id === focus ? undefined : box.id);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const box = layout.boxes.find(({ id }) => id === at);
    if (box === undefined) return;
    if (event.key === "Enter" || event.key === " ") choose(box);
    else if (event.key === "Escape") onFocus(undefined);
    else if (isWalkKey(event.key)) go(walk(layout, box.id, event.key));
    else return;
    event.preventDefault();
  };
  const go = (id: string): void => {
    setWalked(id);
    const index = layout.boxes.findIndex((box) => box.id === id);
    picture.current?.querySelectorAll<HTMLElement>("[role=option]")[index]?.focus();
  };
  return (
    <>
      <div className="tcm-graph-tools">
        <span className="tcm-faint">Choose a certificate to see what stands above and below it.</span>
        {focus !== undefined && (
          <Checkbox
            id="graph-alone"
            label="Show only these"
            isChecked={isFocusAlone}
            onChange={(_, value) => setFocusAlone(value)}
          />
        )}
        {open.size > 0 && (
          <Button variant="link" isInline onClick={() => setOpen(new Set())}>
            Show fewer
          </Button>
        )}
      </div>
      <div className="tcm-graph" ref={picture}>
        <div
          className="tcm-graph-paper"
          role="listbox"
          aria-label={label}
          tabIndex={-1}
          style={{ width: layout.width + 2 * margin, height: layout.height + 2 * margin }}
          onKeyDown={onKeyDown}
        >
          <Arrows layout={layout} relatives={relatives} />
          {layout.boxes.map((box) => (
            <Box
              key={box.id}
              box={box}
              isAt={box.id === at}
              isFocus={box.id === focus}
              isFaint={relatives !== undefined && !relatives.has(box.id)}
              place={placeText(box, structure)}
              onChoose={() => choose(box)}
            />
          ))}
        </div>
      </div>
    </>
  );
}

/** Who comes by a link to a certificate, or chose it in the tree, sees its box. */
function useInSight(picture: RefObject<HTMLElement | null>, focus: string | undefined): void {
  useEffect(() => {
    if (focus === undefined) return;
    const chosen = picture.current?.querySelector("[aria-selected=true]");
    chosen?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [picture, focus]);
}

function only({ roots, tops, members }: ChainStructure, shown: ReadonlySet<string>): ChainStructure {
  const isShown = (fingerprint: string): boolean => shown.has(fingerprint);
  return {
    roots: roots.filter(isShown),
    tops: tops.filter(isShown),
    members: members.filter(({ fingerprint }) => isShown(fingerprint)),
  };
}

type ArrowsProps = {
  readonly layout: ReturnType<typeof graphLayout>;
  readonly relatives: ReadonlySet<string> | undefined;
};

function Arrows({ layout: { boxes, arrows, width, height }, relatives }: ArrowsProps) {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const isOnWay = ({ from, to }: GraphArrow): boolean => (relatives?.has(from) && relatives.has(to)) === true;
  // Those on the way last: over the others.
  const sorted = arrows
    .filter((arrow) => !arrow.isImplied || isOnWay(arrow))
    .toSorted((a, b) => Number(isOnWay(a)) - Number(isOnWay(b)));
  return (
    <svg aria-hidden width={width + 2 * margin} height={height + 2 * margin} className="tcm-graph-arrows">
      <g transform={`translate(${margin} ${margin})`}>
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

type BoxProps = {
  readonly box: GraphBox;
  readonly isAt: boolean;
  readonly isFocus: boolean;
  readonly isFaint: boolean;
  readonly place: string;
  readonly onChoose: () => void;
};

function Box({ box, isAt, isFocus, isFaint, place, onChoose }: BoxProps) {
  const classes = ["tcm-graph-box", `tcm-graph-${box.kind === "more" ? "more" : box.member.kind}`];
  if (isFaint) classes.push("tcm-graph-faint");
  return (
    <div
      role="option"
      aria-selected={isFocus}
      tabIndex={isAt ? 0 : -1}
      className={classes.join(" ")}
      style={{ left: box.x + margin, top: box.y + margin, width: boxWidth, height: boxHeight }}
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
