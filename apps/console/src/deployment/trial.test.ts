import { describe, expect, test } from "vitest";
import { trialOf } from "./trial.ts";

const node = {
  network: "STAGING" as const,
  engine: "built-in",
  address: "127.0.0.1:7443",
  isConnected: true,
  drained: false,
  entries: [
    {
      entryId: "ca-set/4",
      expectedGeneration: "1",
      reportedGeneration: "1",
      state: "verified" as const,
      code: null,
      detail: null,
      isDrifted: false,
    },
  ],
};

describe("how a set is tried before it is bound", () => {
  test.each([
    "127.0.0.1:7443",
    "edge-1.example:443",
    "[::1]:7443",
  ])("is a command with the node's address %s", (address) => {
    expect(trialOf("4", "STAGING", [{ ...node, address }])).toEqual({
      hostname: "ca-set-4.tcm.internal",
      command: `curl --cacert edge-ca.pem --cert client.pem --key client.key --connect-to ::${address} https://ca-set-4.tcm.internal/`,
    });
  });

  test.each([
    ["is of another network", { network: "PRODUCTION" as const }],
    ["is another engine, which has listeners of its own", { engine: "haproxy" }],
    ["is away", { isConnected: false }],
    ["is drained", { drained: true }],
    ["has not proved the set", { entries: [] }],
    ["listens on every address", { address: "0.0.0.0:7443" }],
    ["says no address", { address: "" }],
    ["says more than an address", { address: "a:1 $(id)" }],
    ["says an option", { address: "-o:1" }],
  ])("is the hostname alone where the node %s", (_, change) => {
    expect(trialOf("4", "STAGING", [{ ...node, ...change }])).toEqual({
      hostname: "ca-set-4.tcm.internal",
      command: undefined,
    });
  });
});
