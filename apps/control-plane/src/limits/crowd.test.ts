import { describe, expect, test } from "vitest";
import { type Crowd, openCrowd } from "./crowd.ts";

let time = 0;
const open = (most: number, mostOfGroup: number) => openCrowd({ most, mostOfGroup, patienceMs: 1_000 }, () => time);

/** Members by the names under which they came; those that had to leave, in order. */
function watched(crowd: Crowd) {
  const evicted: string[] = [];
  const enter = (group: string, name: string) => crowd.enter(group, () => evicted.push(name));
  return { evicted, enter };
}

describe("who makes room in a crowd", () => {
  test("nobody while there is room, in all and in the group", () => {
    const { evicted, enter } = watched(open(3, 2));
    for (const [group, name] of ["a1", "a2", "b1"].map((n) => [n.slice(0, 1), n] as const))
      expect(enter(group, name)).toBeDefined();
    expect(evicted).toEqual([]);
  });

  test("the oldest of a group that is full", () => {
    const { evicted, enter } = watched(open(10, 2));
    for (const name of ["a1", "a2", "a3", "a4"]) enter("a", name);
    expect(evicted).toEqual(["a1", "a2"]);
  });

  test("the oldest of the largest group, for one whose group is smaller", () => {
    const { evicted, enter } = watched(open(4, 3));
    for (const name of ["a1", "a2", "a3"]) enter("a", name);
    enter("b", "b1");
    expect(enter("c", "c1")).toBeDefined();
    expect(enter("c", "c2")).toBeDefined();
    expect(evicted).toEqual(["a1", "a2"]);
    expect(enter("c", "c3")).toBeUndefined();
    expect(evicted).toHaveLength(2);
  });

  test("one that has had its time, for a group with few, before any of a large group that came just now", () => {
    const { evicted, enter } = watched(open(64, 64));
    for (const name of ["a1", "b1", "b2"]) enter(name.slice(0, 1), name);
    time += 999;
    for (let i = 1; i <= 58; i++) enter("c", `c${i}`);
    for (const name of ["d1", "d2", "d3"]) enter("d", name);
    time += 1;
    expect(enter("c", "c59")).toBeUndefined();
    for (const name of ["d4", "e1", "f1"]) expect(enter(name.slice(0, 1), name)).toBeDefined();
    expect(evicted).toEqual(["b1", "a1", "b2"]);
    enter("g", "g1");
    expect(evicted).toEqual(["b1", "a1", "b2", "c1"]);
  });

  test("one that has had its time, for others of the same group when that holds every place, and nobody who came just now", () => {
    const { evicted, enter } = watched(open(3, 9));
    for (const name of ["a1", "a2", "a3"]) enter("a", name);
    time += 999;
    expect(enter("a", "a4")).toBeUndefined();
    time += 1;
    expect(enter("a", "a5")).toBeDefined();
    expect(enter("a", "a6")).toBeDefined();
    expect(enter("a", "a7")).toBeDefined();
    expect(enter("a", "a8")).toBeUndefined();
    expect(evicted).toEqual(["a1", "a2", "a3"]);
  });

  test("who has left has made room already, however often it says so", () => {
    const { evicted, enter } = watched(open(2, 2));
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
