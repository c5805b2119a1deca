import { haproxy26, haproxy3 } from "../../../packages/edge/src/haproxy/haproxy-under-test.ts";
import { nginxProgram } from "../../../packages/edge/src/nginx/nginx-under-test.ts";
import type { ProxyKind } from "./proxy-node.ts";

const wanted = [
  { nodeId: "haproxy-26", engine: "haproxy", program: haproxy26, isMasterWorker: true },
  { nodeId: "haproxy-3", engine: "haproxy", program: haproxy3, isMasterWorker: false },
  { nodeId: "nginx", engine: "nginx", program: nginxProgram, isMasterWorker: false },
] as const;

/** Those that are installed; the others are named, and in CI each of them has to be there. */
export const proxyKinds: readonly ProxyKind[] = wanted.flatMap(({ program, ...kind }) => {
  if (program === undefined) console.warn(`${kind.nodeId}: skipped, it is not installed`);
  return program === undefined ? [] : [{ ...kind, program }];
});
