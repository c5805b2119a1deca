import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { type ActivationView, activation, type CaSetView, caSet, nodeIdentity, version } from "@tcm/api-contract";
import { type Network, networks } from "@tcm/core";
import { createTemporaryDirectory, type FixedClock, fixedClock, removeDirectory } from "@tcm/testkit";
import { pino } from "pino";
import { type ControlPlane, openControlPlane } from "../control-plane.ts";
import type { ControlPlaneOptions } from "../control-plane-options.ts";
import { createToken } from "../operations/api-token.ts";
import type { Limits } from "../operations/limits.ts";
import { type Answer, type Ask, apiClient } from "./api-client.ts";
import { FakeNode, type Habit, proves } from "./fake-node.ts";
import { type NodeAccount, openNodeEnroller } from "./node-accounts.ts";

const neverMs = 3_600_000;

type Member = { readonly pem: string };
type Schema<T> = { parse(value: unknown): T };

export type HarnessOptions = {
  readonly directory?: string;
  readonly clock?: FixedClock;
  readonly deploymentDeadlineMs?: number;
  /** Otherwise the heart never beats: it goes by real time, and would end sessions whose certificates have run out by the test's clock. */
  readonly heartbeatIntervalMs?: number;
  readonly window?: ControlPlaneOptions["window"];
  readonly limits?: Partial<Limits>;
  /** Several harnesses on one database need the same operator key. */
  readonly database?: string;
  readonly operatorKey?: string;
  /** How it listens, and who may sign in. */
  readonly listen?: Pick<
    ControlPlaneOptions,
    "host" | "tls" | "publicUrl" | "edgegridWindowMs" | "oidc" | "consoleDirectory"
  >;
  readonly nodes?: Pick<ControlPlaneOptions, "nodeAddress" | "nodeHosts" | "nodeCertificateLifetimeMs">;
};

/** A whole control plane in this process, on free ports and a directory of its own, with its clock in the test's hand. */
export class ControlPlaneHarness {
  readonly directory: string;
  readonly clock: FixedClock;
  readonly controlPlane: ControlPlane;
  readonly admin: string;
  readonly viewer: string;
  /** As the admin. */
  readonly ask: Ask;
  readonly #log: string[];
  readonly #nodes: FakeNode[] = [];
  readonly #operatorKey: string | undefined;
  #enroller: ReturnType<typeof openNodeEnroller> | undefined;
  #names = 0;

  private constructor(
    directory: string,
    clock: FixedClock,
    log: string[],
    controlPlane: ControlPlane,
    tokens: readonly [string, string],
    operatorKey: string | undefined,
  ) {
    this.#operatorKey = operatorKey;
    this.directory = directory;
    this.clock = clock;
    this.#log = log;
    this.controlPlane = controlPlane;
    [this.admin, this.viewer] = tokens;
    this.ask = apiClient(controlPlane.localUrl, this.admin, this.ca);
  }

  static async start(options: HarnessOptions = {}): Promise<ControlPlaneHarness> {
    const { directory = createTemporaryDirectory(), clock = fixedClock() } = options;
    const { deploymentDeadlineMs = 600_000, heartbeatIntervalMs = neverMs } = options;
    const lines: string[] = [];
    const write = (chunk: Buffer, _encoding: unknown, done: () => void): void => {
      lines.push(chunk.toString("utf8"));
      done();
    };
    const controlPlane = await openControlPlane({
      ...options.listen,
      ...options.nodes,
      directory,
      database: options.database,
      operatorKey: options.operatorKey,
      port: 0,
      nodePort: 0,
      clock: clock.now,
      log: pino({ level: "trace" }, new Writable({ write })),
      deploymentDeadlineMs,
      heartbeatIntervalMs,
      window: options.window,
      // Tests ask without a pause, and the clock stands still.
      limits: { requestsPerMinute: 1_000_000, ...options.limits },
    });
    const { db } = controlPlane.context.store;
    const admin = await createToken(db, clock.now, "admin", "test");
    const viewer = await createToken(db, clock.now, "viewer", "test");
    return new ControlPlaneHarness(directory, clock, lines, controlPlane, [admin, viewer], options.operatorKey);
  }

  /** Ends it; its directory stays. */
  async stop(): Promise<void> {
    await Promise.all(this.#nodes.splice(0).map((node) => node.close()));
    await this.controlPlane.close();
  }

  async remove(): Promise<void> {
    await this.stop();
    removeDirectory(this.directory);
  }

  /** What clients trust, when it made its certificate itself. */
  get ca(): string | undefined {
    const { caFile } = this.controlPlane;
    return caFile === undefined ? undefined : readFileSync(caFile, "utf8");
  }

  get log(): string {
    return this.#log.join("");
  }

  /** Every byte of the data directory, log included. */
  get everythingWritten(): string {
    const files = readdirSync(this.directory, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
    return files.map((e) => readFileSync(join(e.parentPath, e.name), "latin1")).join("\n") + this.log;
  }

  /** The body by its schema; fails with the whole answer when the status is another one. */
  async get<T>(schema: Schema<T>, path: string): Promise<T> {
    return expectStatus(await this.ask("GET", path), 200, schema);
  }

  newName(): string {
    return `set-${++this.#names}`;
  }

  async createSet(caSetName = this.newName()): Promise<CaSetView> {
    return expectStatus(await this.ask("POST", "/ca-sets", { body: { caSetName } }), 201, caSet);
  }

  /** A new set with version 1 of these certificates; answers its id. */
  async createVersion(members: readonly Member[], changes: object = {}, caSetId?: string): Promise<string> {
    const id = caSetId ?? (await this.createSet()).caSetId;
    const body = { certificates: certificateList(members), ...changes };
    expectStatus(await this.ask("POST", `/ca-sets/${id}/versions`, { body }), 201, version);
    return id;
  }

  async activate(caSetId: string, number: number, network: Network): Promise<ActivationView> {
    const path = `/ca-sets/${caSetId}/versions/${number}/activate`;
    return expectStatus(await this.ask("POST", path, { body: { network } }), 202, activation);
  }

  /** Asks until the activation has ended. */
  async ended({ activationLink }: Pick<ActivationView, "activationLink">): Promise<ActivationView> {
    const deadline = Date.now() + 120_000;
    for (;;) {
      const answer = await this.ask("GET", `/${activationLink}`);
      const view = activation.parse(answer.body);
      if (view.activationStatus !== "IN_PROGRESS") return view;
      if (Date.now() > deadline) throw new Error(`the activation does not end: ${answer.text}`);
    }
  }

  /** A version active on both networks; nodes that prove must be connected. */
  async activateOnBoth(caSetId: string, number = 1): Promise<void> {
    for (const network of networks) await this.ended(await this.activate(caSetId, number, network));
  }

  /** Credentials of the nodes that every installation has. */
  localNode(network: Network): NodeAccount {
    return nodeIdentity.parse(JSON.parse(readFileSync(this.controlPlane.identities[network] ?? "", "utf8")));
  }

  /** A node beside those of the installation; one of that name from before has joined anew. */
  async enrol(nodeId: string, network: Network, lifetimeMs?: number): Promise<NodeAccount> {
    const { store } = this.controlPlane.context;
    this.#enroller ??= openNodeEnroller(store, this.directory, this.clock.now, this.#operatorKey);
    return (await this.#enroller)(nodeId, network, lifetimeMs);
  }

  /** Nobody waits for the node any more. */
  async drain(nodeId: string): Promise<void> {
    const { db } = this.controlPlane.context.store;
    await db.updateTable("edge_nodes").set({ drained_at: "2026-06-01" }).where("id", "=", nodeId).execute();
  }

  async connect(account: NodeAccount, habit: Habit = proves): Promise<FakeNode> {
    const node = await FakeNode.connect(this.controlPlane.nodeUrl, account, habit);
    this.#nodes.push(node);
    return node;
  }

  async connectLocalNodes(habit: Habit = proves): Promise<readonly FakeNode[]> {
    return Promise.all(networks.map((network) => this.connect(this.localNode(network), habit)));
  }
}

export function certificateList(members: readonly Member[]) {
  return members.map(({ pem }) => ({ certificatePem: pem }));
}

export function expectStatus<T>(answer: Answer, status: number, schema: Schema<T>): T {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`);
  return schema.parse(answer.body);
}
