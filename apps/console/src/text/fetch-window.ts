import type { ComponentType } from "react";
import type { RowWindowProps } from "./row-window.tsx";

export type WindowOfRows = ComponentType<RowWindowProps>;

let fetched: WindowOfRows | undefined;

/** What follows the window of a long table, where it was fetched already. */
export function fetchedWindow(): WindowOfRows | undefined {
  return fetched;
}

/** Fetched when a table is long for the first time: most never are. */
export async function fetchWindow(): Promise<{ readonly default: WindowOfRows }> {
  const { RowWindow } = await import("./row-window.tsx");
  fetched = RowWindow;
  return { default: fetched };
}

/** For pages whose table often is long: fetched while they read what is in it. What fails now is asked for again by the table. */
export function beginWindow(): void {
  fetchWindow().catch(() => undefined);
}
