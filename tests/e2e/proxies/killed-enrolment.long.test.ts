import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { decodeJoinToken, edgeNodeList, encodeJoinToken, nodeIdentity } from "@tcm/api-contract";
import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Instance, poll } from "../instance.ts";
import { Program } from "./child-process.ts";

const agentMain = resolve(import.meta.dirname, "../../../apps/agent/src/main.ts");

let instance: Instance;
let directory: string;
beforeAll(async () => {
  instance = await Instance.start();
  directory = createTemporaryDirectory();
}, 300_000);
afterAll(async () => {
  await instance.remove();
  removeDirectory(directory);
});

/** What stands between the machine that joins and the control plane, and holds back what it is told to. */
class Wire {
  connections = 0;
  /** Of the connection with this number nothing is passed on: its machine gets no further until it is killed. */
  stopsAt = 0;
  holdsToken = false;
  holdsAnswer = false;
  readonly #server: Server;
  readonly #sockets: Socket[] = [];
  /** The token is about to be shown. */
  readonly #isShowing: () => boolean;
  readonly #held: (() => void)[] = [];

  constructor(port: number, isShowing: () => boolean) {
    this.#isShowing = isShowing;
    this.#server = createServer((near) => this.#join(near, connect(port, "127.0.0.1"))).listen(0, "127.0.0.1");
  }

  async port(): Promise<number> {
    if (!this.#server.listening) await once(this.#server, "listening");
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  deliverAnswer(): void {
    this.holdsAnswer = false;
    for (const write of this.#held.splice(0)) write();
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(near: Socket, far: Socket): void {
    const number = ++this.connections;
    this.#sockets.push(near, far);
    for (const socket of [near, far]) socket.on("error", () => undefined);
    near.on("data", (chunk) => {
      if (number !== this.stopsAt && !(this.holdsToken && this.#isShowing())) far.write(chunk);
    });
    far.on("data", (chunk) => {
      const write = (): void => void near.write(chunk);
      if (this.holdsAnswer && this.#isShowing()) this.#held.push(write);
      else write();
    });
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  }
}

const isThere = (condition: () => boolean) => poll(120_000, "the step", async () => condition() || undefined);
const stopped = (wire: Wire, connection: number) => {
  wire.stopsAt = connection;
  return isThere(() => wire.connections === connection);
};
const filesOf = (nodeId: string) => readdirSync(directory).filter((name) => name.startsWith(`${nodeId}.json`));
const identityOf = (nodeId: string) => join(directory, `${nodeId}.json`);
const nodesNamed = async (nodeId: string) =>
  edgeNodeList
    .parse((await instance.request("GET", "/edge-nodes")).body)
    .edgeNodes.filter((node) => node.nodeId === nodeId);

async function tokenFor(nodeId: string, port = instance.ports.node): Promise<string> {
  const printed = await instance.tcm("edge", "token", "--network", "staging", "--engine", "built-in", "--node", nodeId);
  const token = decodeJoinToken(printed.trim());
  if (token === undefined) throw new Error(`no token: ${printed}`);
  return encodeJoinToken({ ...token, urls: [`https://127.0.0.1:${port}`] });
}

function enrolment(nodeId: string, token: string): Program {
  const file = join(directory, `token-of-${nodeId}`);
  writeFileSync(file, token, { mode: 0o600 });
  return new Program(process.execPath, [agentMain, "enrol", "--identity", identityOf(nodeId), "--token-file", file]);
}

async function enrol(nodeId: string, token: string) {
  const program = enrolment(nodeId, token);
  program.start();
  return { code: await program.ended(), output: program.output };
}

type Outcome = "the token is still good" | "it says that the token is used up" | "one or the other, or it is a node";

/** How each step is met, and what the machine finds after it was killed there. */
const steps: readonly (readonly [string, Outcome, (wire: Wire, nodeId: string) => Promise<unknown>])[] = [
  ["looks for the control plane", "the token is still good", (wire) => stopped(wire, 1)],
  ["is about to show its token", "the token is still good", (wire) => stopped(wire, 2)],
  [
    "has shown its token, which did not arrive",
    "the token is still good",
    (wire, nodeId) => {
      wire.holdsToken = true;
      return isThere(() => existsSync(`${identityOf(nodeId)}.joining`));
    },
  ],
  [
    "was let in, and has not heard of it",
    "it says that the token is used up",
    (wire, nodeId) => {
      wire.holdsAnswer = true;
      return poll(120_000, "the node", async () => (await nodesNamed(nodeId)).length === 1 || undefined);
    },
  ],
  [
    "hears that it was let in",
    "one or the other, or it is a node",
    async (wire, nodeId) => {
      wire.holdsAnswer = true;
      await poll(120_000, "the node", async () => (await nodesNamed(nodeId)).length === 1 || undefined);
      wire.deliverAnswer();
    },
  ],
  [
    "writes who it is",
    "one or the other, or it is a node",
    (_, nodeId) => isThere(() => filesOf(nodeId).some((name) => /json(\.\d.*\.tmp)?$/.test(name))),
  ],
  [
    "has written who it is",
    "one or the other, or it is a node",
    (_, nodeId) => isThere(() => existsSync(identityOf(nodeId))),
  ],
];

describe("a machine that is killed hard while it joins has its identity, or says what became of the token", () => {
  test.each(
    steps.map((step, i) => [...step, `edge-${i}`] as const),
  )("when it %s: %s", async (_step, outcome, meet, nodeId) => {
    const wire = new Wire(instance.ports.node, () => existsSync(`${identityOf(nodeId)}.joining`));
    const token = await tokenFor(nodeId, await wire.port());
    const first = enrolment(nodeId, token);
    first.start();
    await meet(wire, nodeId);
    await first.stop("SIGKILL");
    wire.holdsToken = false;
    wire.deliverAnswer();

    const again = await enrol(nodeId, token);
    const isNode = again.code === 2 && again.output.includes("this machine is a node");
    const isUsedUp = again.code === 2 && !isNode;
    if (outcome === "the token is still good") expect(again, again.output).toMatchObject({ code: 0 });
    if (outcome === "it says that the token is used up") expect(isUsedUp, again.output).toBe(true);
    if (isUsedUp) {
      expect(again.output).toContain("join-token-refused");
      expect(again.output).toContain("was cut off after its join token was shown");
      expect(again.output).toContain('"tcm edge token --node" for the same name');
      expect(await enrol(nodeId, await tokenFor(nodeId)), again.output).toMatchObject({ code: 0 });
    }
    if (!isNode) expect(filesOf(nodeId)).toEqual([`${nodeId}.json`]);
    expect(nodeIdentity.parse(JSON.parse(readFileSync(identityOf(nodeId), "utf8")))).toMatchObject({ nodeId });
    expect(await nodesNamed(nodeId)).toHaveLength(1);
    wire.close();
  });

  test("and is a node then, that the control plane knows once", async () => {
    for (const nodeId of ["edge-2", "edge-3", "edge-5"]) {
      const data = join(directory, `data-of-${nodeId}`);
      const args = ["--identity", identityOf(nodeId), "--data", data, "--port", "0"];
      const agent = new Program(process.execPath, [agentMain, ...args]);
      agent.start();
      await poll(120_000, nodeId, async () => (await nodesNamed(nodeId))[0]?.isConnected || undefined);
      await agent.stop();
    }
  });
});
