/** Who stands over whom, by the ids of boxes. */
export type Arrow = { readonly from: string; readonly to: string };

/**
 * Rows of boxes, each below all of its issuers, and as few crossings as a few sweeps find. Roots stay on top, also when another root
 * with the same key certifies them; where CAs certify each other the arrow back is left out of account. Same input, same rows. Pure.
 */
export function layersOf(
  ids: readonly string[],
  arrows: readonly Arrow[],
  roots: ReadonlySet<string>,
): readonly (readonly string[])[] {
  const down = forwardArrows(ids, arrows, roots);
  const depth = depths(ids, down);
  const rows: string[][] = [];
  for (const id of ids) (rows[depth.get(id) ?? 0] ??= []).push(id);
  return untangled(rows, down);
}

/** Without those into roots, and without one arrow of every ring. */
function forwardArrows(ids: readonly string[], arrows: readonly Arrow[], roots: ReadonlySet<string>): readonly Arrow[] {
  const from = Map.groupBy(
    arrows.filter(({ to }) => !roots.has(to)),
    (arrow) => arrow.from,
  );
  const state = new Map<string, "open" | "done">();
  const kept: Arrow[] = [];
  const visit = (id: string): void => {
    state.set(id, "open");
    for (const arrow of from.get(id) ?? []) {
      if (state.get(arrow.to) === "open") continue;
      kept.push(arrow);
      if (!state.has(arrow.to)) visit(arrow.to);
    }
    state.set(id, "done");
  };
  const rootsFirst = [...ids.filter((id) => roots.has(id)), ...ids.filter((id) => !hasArrowTo(id, arrows)), ...ids];
  for (const id of rootsFirst) if (!state.has(id)) visit(id);
  return kept;
}

function hasArrowTo(id: string, arrows: readonly Arrow[]): boolean {
  return arrows.some(({ to }) => to === id);
}

/** The longest way down to each; as many rounds as there are rows. */
function depths(ids: readonly string[], down: readonly Arrow[]): ReadonlyMap<string, number> {
  const depth = new Map(ids.map((id) => [id, 0]));
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const { from, to } of down) {
      const wanted = (depth.get(from) ?? 0) + 1;
      if (wanted <= (depth.get(to) ?? 0)) continue;
      depth.set(to, wanted);
      isChanged = true;
    }
  }
  return depth;
}

const sweeps = 4;

/** Each row by where its neighbours above stand, then below, some times over. */
function untangled(rows: readonly (readonly string[])[], down: readonly Arrow[]): readonly (readonly string[])[] {
  const above = neighbours(down, "to", "from");
  const below = neighbours(down, "from", "to");
  let now = rows;
  for (let i = 0; i < sweeps; i++) {
    const places = placesOf(now);
    now = now.map((row) => byPlace(row, i % 2 === 0 ? above : below, places));
  }
  return now;
}

type Neighbours = ReadonlyMap<string, readonly string[]>;

function neighbours(down: readonly Arrow[], of: keyof Arrow, other: keyof Arrow): Neighbours {
  return new Map([...Map.groupBy(down, (arrow) => arrow[of])].map(([id, list]) => [id, list.map((one) => one[other])]));
}

/** Where each stands in its row, from 0 to 1: rows differ in length. */
function placesOf(rows: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  return new Map(rows.flatMap((row) => row.map((id, i) => [id, (i + 0.5) / row.length] as const)));
}

function byPlace(row: readonly string[], near: Neighbours, places: ReadonlyMap<string, number>): readonly string[] {
  const wish = new Map(
    row.map((id) => [id, mean((near.get(id) ?? []).map((one) => places.get(one) ?? 0)) ?? places.get(id) ?? 0]),
  );
  return row.toSorted((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
}

export function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
