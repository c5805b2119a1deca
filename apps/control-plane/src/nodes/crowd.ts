/** How many are there at the same time, in all and of each group. Whoever comes last is let in at the cost of who was there longest. */
export type Crowd = {
  /** `evict`: called once should it have to make room. What to call when it leaves; undefined when there is no room. */
  enter(group: string, evict: () => void): (() => void) | undefined;
};

type Member = { readonly evict: () => void };

/**
 * A full group makes room by its own oldest member, a full crowd by the oldest of its largest group: who holds many places loses them
 * first, and keeps nobody of another group out.
 */
export function openCrowd(most: number, mostOfGroup: number): Crowd {
  /** Members in the order in which they came. */
  const groups = new Map<string, Set<Member>>();
  let all = 0;

  const leave = (group: string, member: Member): void => {
    const members = groups.get(group);
    if (members?.delete(member) !== true) return;
    all -= 1;
    if (members.size === 0) groups.delete(group);
  };
  const evictOldest = (group: string): void => {
    const [oldest] = groups.get(group) ?? [];
    if (oldest === undefined) return;
    leave(group, oldest);
    oldest.evict();
  };
  const largest = (): readonly [string, number] => {
    let found: readonly [string, number] = ["", 0];
    for (const [group, { size }] of groups) if (size > found[1]) found = [group, size];
    return found;
  };
  const hasRoom = (group: string): boolean => {
    const own = groups.get(group)?.size ?? 0;
    if (own >= mostOfGroup) evictOldest(group);
    else if (all >= most) {
      const [other, size] = largest();
      if (size <= own) return false;
      evictOldest(other);
    }
    return true;
  };

  return {
    enter: (group, evict) => {
      if (!hasRoom(group)) return undefined;
      const member = { evict };
      const members = groups.get(group) ?? new Set();
      groups.set(group, members.add(member));
      all += 1;
      return () => leave(group, member);
    },
  };
}
