import { describe, expect, test } from "vitest";
import { AnnouncementWindow, type Timer } from "./announcement-window.ts";

/** A node that has something to answer each time, until the test says that it has. */
class Listener {
  readonly name: string;
  told = 0;
  hasNews = true;

  constructor(name: string) {
    this.name = name;
  }

  tell(): boolean {
    this.told += 1;
    return this.hasNews;
  }
}

const deadlineMs = 60_000;

/** Time passes when the test says so. */
function openWindow(size: number) {
  const behind: string[] = [];
  const alarms = new Set<{ readonly at: number; readonly act: () => void }>();
  let now = 0;
  const after: Timer = (ms, act) => {
    const alarm = { at: now + ms, act };
    alarms.add(alarm);
    return () => void alarms.delete(alarm);
  };
  const pass = (ms: number): void => {
    now += ms;
    for (const alarm of [...alarms].filter(({ at }) => at <= now)) if (alarms.delete(alarm)) alarm.act();
  };
  const window = new AnnouncementWindow<Listener>({ size, deadlineMs }, ({ name }) => behind.push(name), after);
  return { window, behind, pass };
}

const listeners = (count: number) => Array.from({ length: count }, (_, i) => new Listener(`node-${i}`));
const told = (nodes: readonly Listener[]) => nodes.filter((node) => node.told > 0).map(({ name }) => name);

describe("nodes are told in waves", () => {
  test("as many as the window has room for, in the order in which they came", () => {
    const { window } = openWindow(2);
    const nodes = listeners(5);
    for (const node of nodes) window.enter(node);
    expect(told(nodes)).toEqual(["node-0", "node-1"]);
    expect(window.counts()).toEqual({ inFlight: 2, waiting: 3, behind: 0 });
  });

  test("each that has answered makes room for one", () => {
    const { window } = openWindow(2);
    const nodes = listeners(5);
    for (const node of nodes) window.enter(node);
    for (const [position, node] of nodes.entries()) {
      window.answered(node);
      expect(told(nodes)).toHaveLength(Math.min(position + 3, 5));
    }
    expect(window.counts()).toEqual({ inFlight: 0, waiting: 0, behind: 0 });
  });

  test("one that has nothing to answer takes no room", () => {
    const { window } = openWindow(1);
    const nodes = listeners(3);
    for (const node of nodes) node.hasNews = false;
    for (const node of nodes) window.enter(node);
    expect(told(nodes)).toHaveLength(3);
    expect(window.counts().inFlight).toBe(0);
  });

  test("one that goes makes room, told or not", () => {
    const { window } = openWindow(1);
    const nodes = listeners(3);
    for (const node of nodes) window.enter(node);
    const [first, second] = nodes;
    if (first === undefined || second === undefined) throw new Error("there are three");
    window.forget(second);
    window.forget(first);
    expect(told(nodes)).toEqual(["node-0", "node-2"]);
  });

  test("who is being told hears of the next change at once", () => {
    const { window } = openWindow(1);
    const [first, second] = [new Listener("first"), new Listener("second")];
    for (const node of [first, second, first]) window.enter(node);
    expect([first.told, second.told]).toEqual([2, 0]);
  });
});

describe("a node that hangs", () => {
  test("loses its place at its deadline, is behind, and is told of later changes after all others", () => {
    const { window, behind, pass } = openWindow(4);
    const nodes = listeners(8);
    const [hung] = nodes;
    if (hung === undefined) throw new Error("there are eight");
    window.enter(hung);
    pass(deadlineMs - 1);
    expect(behind).toEqual([]);
    pass(1);
    expect(behind).toEqual(["node-0"]);
    expect(window.counts()).toEqual({ inFlight: 0, waiting: 0, behind: 1 });
    for (const node of nodes.slice(0, 6)) window.enter(node);
    expect(window.counts()).toMatchObject({ inFlight: 4, waiting: 2 });
  });

  test("gets no more time for being told more", () => {
    const { window, behind, pass } = openWindow(1);
    const hung = new Listener("hung");
    for (let times = 0; times < 4; times++) {
      window.enter(hung);
      pass(deadlineMs / 4);
    }
    expect(behind).toEqual(["hung"]);
  });

  test("with all its like has a quarter of the window", () => {
    const { window, behind, pass } = openWindow(4);
    const [hung, well] = [listeners(4), listeners(8)];
    for (const node of hung) window.enter(node);
    pass(deadlineMs);
    expect(behind).toHaveLength(4);
    for (const node of hung) window.enter(node);
    expect(window.counts()).toEqual({ inFlight: 1, waiting: 3, behind: 4 });
    for (const node of well) window.enter(node);
    expect(told(well)).toHaveLength(3);
    for (const node of well) window.answered(node);
    expect(told(well)).toHaveLength(8);
  });

  test("is as good as any once it has answered", () => {
    const { window, pass } = openWindow(1);
    const [late, other] = [new Listener("late"), new Listener("other")];
    window.enter(late);
    pass(deadlineMs);
    window.answered(late);
    expect(window.counts().behind).toBe(0);
    window.enter(late);
    window.enter(other);
    expect([late.told, other.told]).toEqual([2, 0]);
  });
});
