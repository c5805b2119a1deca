import { describe, expect, test } from "vitest";
import { type Crowd, openCrowd } from "./crowd.ts";

/** Members by the names under which they came; those that had to leave, in order. */
function watched(crowd: Crowd) {
  const evicted: string[] = [];
  const enter = (group: string, name: string) => crowd.enter(group, () => evicted.push(name));
  return { evicted, enter };
}

describe("who makes room in a crowd", () => {
  test("nobody while there is room, in all and in the group", () => {
    const { evicted, enter } = watched(openCrowd(3, 2));
    for (const [group, name] of ["a1", "a2", "b1"].map((n) => [n.slice(0, 1), n] as const))
      expect(enter(group, name)).toBeDefined();
    expect(evicted).toEqual([]);
  });

  test("the oldest of a group that is full", () => {
    const { evicted, enter } = watched(openCrowd(10, 2));
    for (const name of ["a1", "a2", "a3", "a4"]) enter("a", name);
    expect(evicted).toEqual(["a1", "a2"]);
  });

  test("the oldest of the largest group, for one whose group is smaller", () => {
    const { evicted, enter } = watched(openCrowd(4, 3));
    for (const name of ["a1", "a2", "a3"]) enter("a", name);
    enter("b", "b1");
    expect(enter("c", "c1")).toBeDefined();
    expect(enter("c", "c2")).toBeDefined();
    expect(evicted).toEqual(["a1", "a2"]);
    expect(enter("c", "c3")).toBeUndefined();
    expect(evicted).toHaveLength(2);
  });

  test("who has left has made room already, however often it says so", () => {
    const { evicted, enter } = watched(openCrowd(2, 2));
    const leave = enter("a", "a1");
    enter("a", "a2");
    leave?.();
    leave?.();
    enter("b", "b1");
    expect(evicted).toEqual([]);
    enter("c", "c1");
    expect(evicted).toEqual(["a2"]);
  });
});
