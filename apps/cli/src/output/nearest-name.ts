/** ` Did you mean port?`, or nothing where no name is near. */
export function didYouMean(word: string, names: readonly string[]): string {
  const name = nearestName(word, names);
  return name === undefined ? "" : ` Did you mean ${name}?`;
}

/** The name that was meant: spelled in another way, or with a slip for every three letters. Undefined: none is that near. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const plain = plainly(word);
  // No name is longer than this, and the time grows with the square.
  if (plain.length > 64) return undefined;
  const near = names.map((name) => ({ name, slips: countSlips(plain, plainly(name)) }));
  const [best] = near.toSorted((a, b) => a.slips - b.slips);
  return best !== undefined && best.slips <= Math.max(1, Math.floor(plain.length / 3)) ? best.name : undefined;
}

/** `node-port`, `node_port` and `TCM_NODE_PORT` are `nodePort`. */
function plainly(word: string): string {
  return word
    .toLowerCase()
    .replace(/^(?:--(?:no-)?|tcm_)/, "")
    .replaceAll(/[-_]/g, "");
}

/** Letters that are missing, too many, wrong, or have changed places with their neighbour (optimal string alignment). */
function countSlips(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        (row[j - 1] ?? 0) + 1,
        (rows[i - 1]?.[j] ?? 0) + 1,
        (rows[i - 1]?.[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        swapped ? (rows[i - 2]?.[j - 2] ?? 0) + 1 : Infinity,
      );
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? Infinity;
}
