import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { hiddenForMs, type Visibility, whileLookedAt } from "./while-looked-at.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function page(visibilityState: Visibility = "visible") {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState });
  const streams: AbortSignal[] = [];
  const onLeft = vi.fn<() => void>();
  const ending = new AbortController();
  whileLookedAt({ follow: (signal) => streams.push(signal), onLeft }, [window, document], ending.signal);
  const turn = (state: Visibility): void => {
    document.visibilityState = state;
    document.dispatchEvent(new Event("visibilitychange"));
  };
  const open = (): number => streams.filter(({ aborted }) => !aborted).length;
  return { window, streams, onLeft, ending, turn, open };
}

describe("the stream of a tab", () => {
  test("ends once the tab is hidden for a while, and another is opened when it is looked at again", () => {
    const { turn, open, streams, onLeft } = page();
    turn("hidden");
    vi.advanceTimersByTime(hiddenForMs - 1);
    expect(open()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(open()).toBe(0);
    expect(onLeft).toHaveBeenCalledOnce();
    turn("visible");
    expect([open(), streams.length]).toEqual([1, 2]);
  });

  test("stays when the tab is hidden for a moment only", () => {
    const { turn, open, streams } = page();
    turn("hidden");
    vi.advanceTimersByTime(hiddenForMs - 1);
    turn("visible");
    vi.advanceTimersByTime(hiddenForMs * 2);
    expect([open(), streams.length]).toEqual([1, 1]);
  });

  test("is not opened for a tab that is opened behind others, until it is looked at", () => {
    const { turn, open } = page("hidden");
    expect(open()).toBe(0);
    turn("visible");
    expect(open()).toBe(1);
  });

  test("ends at once when the page is left, and there is one again when it is gone back to", () => {
    const { window, open } = page();
    window.dispatchEvent(new Event("pagehide"));
    expect(open()).toBe(0);
    window.dispatchEvent(new Event("pageshow"));
    expect(open()).toBe(1);
  });

  test("ends with its page for good", () => {
    const { turn, open, ending, onLeft } = page();
    turn("hidden");
    ending.abort();
    vi.advanceTimersByTime(hiddenForMs);
    turn("visible");
    expect(open()).toBe(0);
    expect(onLeft).not.toHaveBeenCalled();
  });
});
