import { useSyncExternalStore } from "react";

/** Where the buttons of a step stand below it and not over its end: see `.tcm-step-actions`. */
const small = matchMedia("(width < 768px), (height < 600px)");

function follow(onChange: () => void): () => void {
  small.addEventListener("change", onChange);
  return () => small.removeEventListener("change", onChange);
}

/** Whether the screen shows little at a time. */
export function useIsSmall(): boolean {
  return useSyncExternalStore(follow, () => small.matches);
}
