import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { binding, caSet, keepAliveAgent, openTestEdge, pki, send } from "./edge-under-test.ts";
import { edgeLimits } from "./edge-limits.ts";

const root = pki.root("Partner Root");
const client = root.leaf("client-1");
const addresses = Array.from({ length: 8 }, (_, i) => `127.0.1.${i + 1}`);
const socketsOfAddress = 250;
const visits = 40;

/** As many idle sockets as it is told, each opened again when it is ended, until the test is over. */
function idleSockets(port: number) {
  let isOver = false;
  let ended = 0;
  const sockets = new Set<ReturnType<typeof connect>>();
  const open = (localAddress: string): void => {
    const socket = connect({ port, host: "127.0.0.1", localAddress });
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.resume().on("close", () => {
      sockets.delete(socket);
      ended++;
      // Two thousand attempts a second are what this process can spare, of which the edge is a part.
      if (!isOver) setTimeout(() => isOver || open(localAddress), 1_000);
    });
  };
  for (const address of addresses) for (let i = 0; i < socketsOfAddress; i++) open(address);
  onTestFinished(() => {
    isOver = true;
    for (const socket of sockets) socket.destroy();
  });
  return { ended: () => ended };
}

describe("two thousand sockets that never begin a handshake, from eight addresses, opened again whenever they are ended", () => {
  test("keep nobody out: clients come, are served and stay served, and it is told", async () => {
    const limits = { ...edgeLimits, recheckIntervalMs: 200 };
    const edge = await openTestEdge({ limits });
    await edge.deploy(caSet([root]));
    await edge.deploy(binding(["shop.example"]));
    const agent = keepAliveAgent();
    expect(await send(edge, { client, agent })).toMatchObject({ status: 200 });
    const idle = idleSockets(edge.port);
    await expect.poll(() => idle.ended(), { timeout: 60_000 }).toBeGreaterThan(1_000);
    const answers: (number | string)[] = [];
    for (let i = 0; i < visits; i++) {
      answers.push(await send(edge, { client }).then(({ status }) => status, codeOf));
      expect(await send(edge, { client, agent })).toMatchObject({ status: 200 });
    }
    expect(answers.filter((answer) => answer !== 200)).toEqual([]);
    expect(madeRoom(edge.edge.counters())).toBeGreaterThan(0);
    await expect
      .poll(() => edge.logged.map(({ message }) => message), { timeout: 60_000 })
      .toContain("more connections than are let in wait to be accepted");
    const told = edge.logged.find(({ message }) => message.startsWith("more connections"));
    expect(Number(told?.fields["turnedAway"]) + Number(told?.fields["madeRoom"])).toBeGreaterThan(0);
  });
});

function madeRoom(counts: readonly { readonly reason: string; readonly count: number }[]): number {
  return counts.find(({ reason }) => reason === "connection-made-room")?.count ?? 0;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
