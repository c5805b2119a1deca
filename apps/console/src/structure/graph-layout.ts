import type { ChainStructure } from "@tcm/core";
import { type Arrow, layersOf, mean } from "./graph-layers.ts";
import { type GraphItem, graphItems } from "./graph-members.ts";

export type GraphBox = GraphItem & { readonly x: number; readonly y: number };
/**
 * `isBack`: it does not go down, where CAs certify each other. `isImplied`: it leads to one of many that are alike, below the first
 * row of them, and is drawn when it is asked for.
 */
export type GraphArrow = Arrow & { readonly isBack: boolean; readonly isImplied: boolean };

export type GraphLayout = {
  readonly boxes: readonly GraphBox[];
  readonly arrows: readonly GraphArrow[];
  readonly width: number;
  readonly height: number;
};

export const boxWidth = 170;
export const boxHeight = 60;
/** Around all of it. */
export const graphMargin = 12;
const gap = { column: 20, row: 52, sameRow: 12 };
/** A row of a wide screen. */
const maxInRow = 6;

/** Columns from the left, and pixels from the top. `isWrapped`: its row goes on from the one above. */
type Spot = { readonly id: string; readonly x: number; readonly y: number; readonly isWrapped: boolean };
type Block = { readonly spots: readonly Spot[]; readonly columns: number; readonly height: number };
type Row = { readonly ids: readonly string[]; readonly isWrapped: boolean };

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
  const { spots, columns, height } = shelved(groups.map((ids) => block(ids, arrows, roots)));
  const byId = new Map(items.map((item) => [item.id, item]));
  const width = boxWidth + gap.column;
  const boxes = spots.flatMap(({ id, x, y }): readonly GraphBox[] => {
    const item = byId.get(id);
    return item === undefined ? [] : [{ ...item, x: Math.round(x * width), y }];
  });
  const placed = new Map(spots.map((spot) => [spot.id, spot]));
  return {
    boxes,
    arrows: arrows.map((arrow) => {
      const to = placed.get(arrow.to);
      const isBack = (to?.y ?? 0) <= (placed.get(arrow.from)?.y ?? 0);
      const item = byId.get(arrow.to);
      const isAlike = item?.kind === "member" && item.member.issues.length === 0;
      return { ...arrow, isBack, isImplied: isAlike && to?.isWrapped === true };
    }),
    width: Math.max(0, columns * width - gap.column),
    height: Math.max(0, height - gap.row),
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
  const columns = Math.max(...rows.map((row) => row.ids.length));
  let xs = new Map(rows.flatMap((row) => row.ids.map((id, i) => [id, i + (columns - row.ids.length) / 2] as const)));
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
  const tops = topsOf(rows);
  return {
    spots: rows.flatMap(({ ids: inRow, isWrapped }, i) =>
      inRow.map((id) => ({ id, x: xs.get(id) ?? 0, y: tops[i] ?? 0, isWrapped })),
    ),
    columns,
    height: (tops.at(-1) ?? 0) + boxHeight + gap.row,
  };
}

function topsOf(rows: readonly Row[]): readonly number[] {
  const tops: number[] = [];
  for (const { isWrapped } of rows) {
    const last = tops.at(-1);
    tops.push(last === undefined ? 0 : last + boxHeight + (isWrapped ? gap.sameRow : gap.row));
  }
  return tops;
}

function wrapped(layer: readonly string[]): readonly Row[] {
  return Array.from({ length: Math.ceil(layer.length / maxInRow) }, (_, i) => ({
    ids: layer.slice(i * maxInRow, (i + 1) * maxInRow),
    isWrapped: i > 0,
  }));
}

/** Row by row as near to its neighbours as the order of the row and the width allow. */
function aligned(
  rows: readonly Row[],
  xs: ReadonlyMap<string, number>,
  arrowsOf: ReadonlyMap<string, readonly Arrow[]>,
  end: keyof Arrow,
  columns: number,
): Map<string, number> {
  const next = new Map(xs);
  for (const { ids: row } of rows) {
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
  let [x, y, shelfHeight, columns] = [0, 0, 0, 0];
  for (const one of blocks) {
    if (x > 0 && x + one.columns > maxInRow) [x, y, shelfHeight] = [0, y + shelfHeight, 0];
    const [left, top] = [x, y];
    spots.push(...one.spots.map((spot) => ({ ...spot, x: spot.x + left, y: spot.y + top })));
    x += one.columns;
    shelfHeight = Math.max(shelfHeight, one.height);
    columns = Math.max(columns, x);
  }
  return { spots, columns, height: y + shelfHeight };
}
