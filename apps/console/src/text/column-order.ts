export type Order<C extends string> = { readonly by: C; readonly direction: "asc" | "desc" };

export type Comparisons<T, C extends string> = Readonly<Record<C, (a: T, b: T) => number>>;

/** By one column, up or down; equal ones stay as they came. Pure. */
export function inOrder<T, C extends string>(
  items: readonly T[],
  { by, direction }: Order<C>,
  comparisons: Comparisons<T, C>,
): readonly T[] {
  const compare = comparisons[by];
  return items.toSorted((a, b) => (direction === "asc" ? compare(a, b) : compare(b, a)));
}
