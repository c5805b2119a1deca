import type { ChainStructure } from "@tcm/core";
import { type Arrow, layersOf, mean } from "./graph-layers.ts";
import { type GraphItem, graphItems } from "./graph-members.ts";

export type GraphBox = GraphItem & { readonly x: number; readonly y: number };
/** `isBack`: it does not go down, where CAs certify each other. */
export type GraphArrow = Arrow & { readonly isBack: boolean };

export type GraphLayout = {
  readonly boxes: readonly GraphBox[];
  readonly arrows: readonly GraphArrow[];
  readonly width: number;
  readonly height: number;
};

export const boxWidth = 176;
export const boxHeight = 60;
const pitch = { x: boxWidth + 20, y: boxHeight + 52 };
/** A row of a wide screen. */
const maxInRow = 6;

type Spot = { readonly id: string; readonly x: number; readonly y: number };
/** In boxes, not in pixels. */
type Block = { readonly spots: readonly Spot[]; readonly columns: number; readonly rows: number };

/** Where each certificate stands: what hangs together is drawn together, and what stands alone comes last. Pure. */
export function graphLayout(
  structure: ChainStructure,
  open: ReadonlySet<string>,
  focus: string | undefined,
): GraphLayout {
  const items = graphItems(structure, open, focus);
  const arrows = arrowsBetween(items);
  const roots = new Set(structure.roots);
  const groups = together(items, arrows).toSorted((a, b) => Number(a.length === 1) - Number(b.length === 1));
  const { spots, columns, rows } = shelved(groups.map((ids) => block(ids, arrows, roots)));
  const byId = new Map(items.map((item) => [item.id, item]));
  const boxes = spots.flatMap(({ id, x, y }): readonly GraphBox[] => {
    const item = byId.get(id);
    return item === undefined ? [] : [{ ...item, x: Math.round(x * pitch.x), y: y * pitch.y }];
  });
  const heights = new Map(spots.map(({ id, y }) => [id, y]));
  return {
    boxes,
    arrows: arrows.map((arrow) => ({
      ...arrow,
      isBack: (heights.get(arrow.to) ?? 0) <= (heights.get(arrow.from) ?? 0),
    })),
    width: Math.max(0, columns * pitch.x - (pitch.x - boxWidth)),
    height: Math.max(0, rows * pitch.y - (pitch.y - boxHeight)),
  };
}

function arrowsBetween(items: readonly GraphItem[]): readonly Arrow[] {
  const drawn = new Set(items.map(({ id }) => id));
  return items.flatMap((item) => {
    const issuers = item.kind === "member" ? item.member.issuedBy : (item.members[0]?.issuedBy ?? []);
    return issuers.filter((from) => drawn.has(from)).map((from) => ({ from, to: item.id }));
  });
}

/** Ids that hang together by arrows, in the order of the set. */
function together(items: readonly GraphItem[], arrows: readonly Arrow[]): readonly (readonly string[])[] {
  const near = new Map<string, string[]>(items.map(({ id }) => [id, []]));
  for (const { from, to } of arrows) {
    near.get(from)?.push(to);
    near.get(to)?.push(from);
  }
  const group = new Map<string, string>();
  for (const { id } of items) {
    const queue = group.has(id) ? [] : [id];
    for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
      if (group.has(one)) continue;
      group.set(one, id);
      queue.push(...(near.get(one) ?? []));
    }
  }
  return [...Map.groupBy(items, ({ id }) => group.get(id)).values()].map((members) => members.map(({ id }) => id));
}

function block(ids: readonly string[], arrows: readonly Arrow[], roots: ReadonlySet<string>): Block {
  const own = new Set(ids);
  const mine = arrows.filter(({ from }) => own.has(from));
  const rows = layersOf(ids, mine, roots).flatMap(wrapped);
  const columns = Math.max(...rows.map((row) => row.length));
  let xs = new Map(rows.flatMap((row) => row.map((id, i) => [id, i + (columns - row.length) / 2] as const)));
  // Down, so that each stands under its issuers, and up, so that issuers stand over what they certify.
  xs = aligned(
    rows,
    xs,
    Map.groupBy(mine, ({ to }) => to),
    "from",
    columns,
  );
  xs = aligned(
    rows.toReversed(),
    xs,
    Map.groupBy(mine, ({ from }) => from),
    "to",
    columns,
  );
  return {
    spots: rows.flatMap((row, y) => row.map((id) => ({ id, x: xs.get(id) ?? 0, y }))),
    columns,
    rows: rows.length,
  };
}

function wrapped(row: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(row.length / maxInRow) }, (_, i) =>
    row.slice(i * maxInRow, (i + 1) * maxInRow),
  );
}

/** Row by row as near to its neighbours as the order of the row and the width allow. */
function aligned(
  rows: readonly (readonly string[])[],
  xs: ReadonlyMap<string, number>,
  arrowsOf: ReadonlyMap<string, readonly Arrow[]>,
  end: keyof Arrow,
  columns: number,
): Map<string, number> {
  const next = new Map(xs);
  for (const row of rows) {
    row.forEach((id, i) => {
      const wish = mean((arrowsOf.get(id) ?? []).map((arrow) => next.get(arrow[end]) ?? 0)) ?? next.get(id) ?? 0;
      const left = i === 0 ? 0 : (next.get(row[i - 1] ?? "") ?? 0) + 1;
      next.set(id, Math.max(left, Math.min(wish, columns - (row.length - i))));
    });
  }
  return next;
}

/** Blocks beside each other until the width is full, then below. */
function shelved(blocks: readonly Block[]): Block {
  const spots: Spot[] = [];
  let [x, y, shelfRows, columns] = [0, 0, 0, 0];
  for (const one of blocks) {
    if (x > 0 && x + one.columns > maxInRow) [x, y, shelfRows] = [0, y + shelfRows, 0];
    const [left, top] = [x, y];
    spots.push(...one.spots.map((spot) => ({ ...spot, x: spot.x + left, y: spot.y + top })));
    x += one.columns;
    shelfRows = Math.max(shelfRows, one.rows);
    columns = Math.max(columns, x);
  }
  return { spots, columns, rows: y + shelfRows };
}
