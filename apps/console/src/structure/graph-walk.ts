import type { GraphLayout } from "./graph-layout.ts";

export type WalkKey = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight" | "Home" | "End";

export function isWalkKey(key: string): key is WalkKey {
  return ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"].includes(key);
}

/** Where a key leads: up to an issuer, down to what it certifies, to the sides as one reads. Itself where nothing is. Pure. */
export function walk({ boxes, arrows }: GraphLayout, id: string, key: WalkKey): string {
  const reading = boxes.toSorted((a, b) => a.y - b.y || a.x - b.x);
  const at = reading.findIndex((box) => box.id === id);
  const along = (index: number): string => reading[index]?.id ?? id;
  switch (key) {
    case "Home":
      return along(0);
    case "End":
      return along(reading.length - 1);
    case "ArrowLeft":
      return along(at - 1);
    case "ArrowRight":
      return along(at + 1);
    case "ArrowUp":
      return arrows.find(({ to }) => to === id)?.from ?? id;
    case "ArrowDown":
      return arrows.find(({ from }) => from === id)?.to ?? id;
  }
}
