/** How many are there at the same time, in all and of each group. */
export type Crowd = {
  /** What to call once when it leaves; undefined when there is no room. */
  enter(group: string): (() => void) | undefined;
};

export function openCrowd(most: number, mostOfGroup: number): Crowd {
  const counts = new Map<string, number>();
  let all = 0;
  const leave = (group: string): void => {
    const left = (counts.get(group) ?? 0) - 1;
    if (left > 0) counts.set(group, left);
    else counts.delete(group);
    all -= 1;
  };
  return {
    enter: (group) => {
      const before = counts.get(group) ?? 0;
      if (all >= most || before >= mostOfGroup) return undefined;
      counts.set(group, before + 1);
      all += 1;
      return () => leave(group);
    },
  };
}
