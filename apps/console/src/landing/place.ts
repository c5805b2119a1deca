import type { Network } from "@tcm/core";
import type { NodeFilter } from "../edge-nodes/node-filter.ts";

/** Where something can be looked at, or done. */
export type Place =
  | { readonly page: "deployment"; readonly caSetId: string; readonly version: number; readonly activationId: number }
  | { readonly page: "deploy"; readonly caSetId: string; readonly version: number; readonly network: Network }
  | { readonly page: "version"; readonly caSetId: string; readonly version: number }
  | { readonly page: "set" | "associations"; readonly caSetId: string }
  | { readonly page: "edge-node"; readonly nodeId: string }
  | { readonly page: "edge-nodes"; readonly filter: NodeFilter }
  | { readonly page: "edge-certificates" };
