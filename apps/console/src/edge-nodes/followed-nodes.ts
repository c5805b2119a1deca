import { queryOptions } from "@tanstack/react-query";
import { read } from "../api/queries.ts";
import { askAgainMs } from "./node-condition.ts";

/** Every node, and of what it should serve only what it has not proved: all of it is many megabytes. Read again by itself while one is behind. */
export const followedNodes = queryOptions({
  ...read("listEdgeNodes", { query: { entries: "drifted" } }),
  refetchInterval: ({ state }) => askAgainMs(state.data?.edgeNodes),
});
