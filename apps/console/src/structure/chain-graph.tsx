import { Button, Checkbox } from "@patternfly/react-core";
import type { ChainStructure } from "@tcm/core";
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { CaBox } from "./ca-box.tsx";
import { GraphArrows } from "./graph-arrows.tsx";
import { placeText } from "./graph-box-text.ts";
import { type GraphBox, type GraphLayout, graphLayout, graphMargin } from "./graph-layout.ts";
import { relativesOf } from "./graph-members.ts";
import { isWalkKey, walk } from "./graph-walk.ts";

type Props = {
  readonly structure: ChainStructure;
  readonly label: string;
  /** The fingerprint of the certificate that is looked at. */
  readonly focus: string | undefined;
  readonly onFocus: (fingerprint: string | undefined) => void;
};

/**
 * The structure as a picture: roots on top, each CA below each of its issuers. The arrow keys walk along it, Enter looks at a
 * certificate and opens a box of many. The tree beside it says the same in words.
 */
export function ChainGraph({ structure, label, focus, onFocus }: Props) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [isFocusAlone, setFocusAlone] = useState(false);
  const { layout, relatives } = useLayout({ structure, focus, open, isFocusAlone });
  const picture = useRef<HTMLDivElement>(null);
  useInSight(picture, focus);
  const { at, choose, onKeyDown } = useWalk(layout, picture, {
    focus,
    onFocus,
    onOpen: (id) => setOpen(new Set([...open, id])),
  });
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
          style={{ width: layout.width + 2 * graphMargin, height: layout.height + 2 * graphMargin }}
          onKeyDown={onKeyDown}
        >
          <GraphArrows layout={layout} relatives={relatives} />
          {layout.boxes.map((box) => (
            <CaBox
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

type Shown = Pick<Props, "structure" | "focus"> & {
  /** Boxes of many that are opened. */
  readonly open: ReadonlySet<string>;
  /** What is looked at and its relatives, and nothing else. */
  readonly isFocusAlone: boolean;
};

function useLayout({ structure, focus, open, isFocusAlone }: Shown) {
  const relatives = useMemo(
    () => (focus === undefined ? undefined : relativesOf(structure, focus)),
    [structure, focus],
  );
  const drawn = useMemo(
    () => (isFocusAlone && relatives !== undefined ? only(structure, relatives) : structure),
    [structure, relatives, isFocusAlone],
  );
  return { relatives, layout: useMemo(() => graphLayout(drawn, open, focus), [drawn, open, focus]) };
}

type Doing = Pick<Props, "focus" | "onFocus"> & { readonly onOpen: (id: string) => void };

/** Which box the keyboard is at, and what is done there, with the mouse too. */
function useWalk(layout: GraphLayout, picture: RefObject<HTMLElement | null>, { focus, onFocus, onOpen }: Doing) {
  const [walked, setWalked] = useState<string>();
  const at = layout.boxes.find(({ id }) => id === walked)?.id ?? focus ?? layout.boxes[0]?.id;
  const choose = (box: GraphBox): void => {
    setWalked(box.kind === "more" ? box.members[0]?.fingerprint : box.id);
    if (box.kind === "more") onOpen(box.id);
    else onFocus(box.id === focus ? undefined : box.id);
  };
  const go = (id: string): void => {
    setWalked(id);
    const index = layout.boxes.findIndex((box) => box.id === id);
    picture.current?.querySelectorAll<HTMLElement>("[role=option]")[index]?.focus();
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
  return { at, choose, onKeyDown };
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
