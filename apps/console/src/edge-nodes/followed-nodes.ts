import { queryOptions } from "@tanstack/react-query";
import { read } from "../api/queries.ts";
import { askAgainMs } from "./node-condition.ts";

/** Every node, read again by itself while one is behind. */
export const followedNodes = queryOptions({
  ...read("listEdgeNodes"),
  refetchInterval: ({ state }) => askAgainMs(state.data?.edgeNodes),
});
