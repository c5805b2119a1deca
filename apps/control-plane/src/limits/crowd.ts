/** How many are there at the same time, in all and of each group. Whoever comes last is let in at the cost of who was there longest. */
export type Crowd = {
  /** `evict`: called once should it have to make room. What to call when it leaves; undefined when there is no room. */
  enter(group: string, evict: () => void): (() => void) | undefined;
};

export type Room = {
  readonly most: number;
  readonly mostOfGroup: number;
  /** Whoever was there for as long has had its time. */
  readonly patienceMs: number;
};

type Member = { readonly evict: () => void; readonly since: number };

/** A group with a smaller part of the room is no flood, though it may be a NAT with many nodes behind it. */
const few = 1 / 16;

/**
 * A full group makes room by its own oldest member. A full crowd does, for a group with few, by one that has had its time, of the largest
 * group that has any: whoever says nothing goes before those that came just now. Else the oldest of the largest group goes for one of a
 * smaller: who holds many places loses them first, and keeps nobody of another group out. Among equals, and in the largest group itself, only one
 * that has had its time makes room: a flood keeps nobody out behind its own NAT. `now` in milliseconds, and never goes back.
 */
export function openCrowd({ most, mostOfGroup, patienceMs }: Room, now: () => number): Crowd {
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
  const isOldestLate = (group: string): boolean => {
    const [oldest] = groups.get(group) ?? [];
    return oldest !== undefined && now() - oldest.since >= patienceMs;
  };
  const whoMakesRoom = (own: number) => {
    const isFew = own < most * few;
    let found = { group: "", size: 0, isLate: false };
    for (const [group, { size }] of groups) {
      const isLate = isFew && isOldestLate(group);
      if (isLate === found.isLate ? size > found.size : isLate) found = { group, size, isLate };
    }
    return found;
  };
  const hasRoom = (group: string): boolean => {
    const own = groups.get(group)?.size ?? 0;
    if (own >= mostOfGroup) evictOldest(group);
    else if (all >= most) {
      const other = whoMakesRoom(own);
      if (other.size <= own && !isOldestLate(other.group)) return false;
      evictOldest(other.group);
    }
    return true;
  };

  return {
    enter: (group, evict) => {
      if (!hasRoom(group)) return undefined;
      const member = { evict, since: now() };
      const members = groups.get(group) ?? new Set();
      groups.set(group, members.add(member));
      all += 1;
      return () => leave(group, member);
    },
  };
}
