import { nodeCrypto } from "@tcm/node-crypto";
import { describeEdgeEngine } from "./edge-engine-contract.ts";
import { openMemoryEngine } from "./memory/memory-engine.ts";
import { decideClient } from "./served/client-verdict.ts";
import { dial, failureOf, openTestEdge, send } from "./node-tls/edge-under-test.ts";
import { readPresented } from "./served/presented-chain.ts";
import { findSite } from "./served/site.ts";

describeEdgeEngine("the built-in edge", async () => {
  const edge = await openTestEdge();
  return {
    engine: edge.edge,
    async accepts(hostname, client) {
      if ((await failureOf(dial(edge, hostname, client))) !== "connected") return undefined;
      return (await send(edge, { hostname, client })).status === 200;
    },
  };
});

describeEdgeEngine("the memory engine", async () => {
  const engine = openMemoryEngine({ network: "STAGING", crypto: nodeCrypto });
  return {
    engine,
    async accepts(hostname, client) {
      const site = findSite(engine.state(), hostname);
      if (site === undefined) return undefined;
      const presented = readPresented(
        client.chain.map(({ der }) => der),
        nodeCrypto,
      );
      return decideClient(presented, site.set, Math.floor(Date.now() / 1000), nodeCrypto).accepted;
    },
  };
});
