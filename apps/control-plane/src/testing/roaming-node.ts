import { setTimeout as delay } from "node:timers/promises";
import { compareGenerations, type Generation } from "@tcm/core";
import { FakeNode, type Habit, type Hello, type NodeAccount } from "./fake-node.ts";

type Held = { readonly generation: Generation; readonly digest: string; readonly version: number | null };

/** A node that tries several control planes in turn, says what it holds, and notes whatever must not happen. */
export class RoamingNode {
  readonly account: NodeAccount;
  readonly faults: string[] = [];
  readonly held = new Map<string, Held>();
  readonly #urls: readonly string[];
  readonly #running: Promise<void>;
  #isWanted = true;

  constructor(account: NodeAccount, urls: readonly string[]) {
    this.account = account;
    this.#urls = urls;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#isWanted = false;
    await this.#running;
  }

  /** Takes what is newer and proves it. */
  readonly #habit: Habit = ({ entryId, generation, digest, content }) => {
    const before = this.held.get(entryId);
    const order = before === undefined ? 1 : compareGenerations(generation, before.generation);
    if (order < 0) this.faults.push(`${entryId} fell to ${generation.number}`);
    if (order === 0 && before?.digest !== digest) this.faults.push(`${entryId}: two contents at ${generation.number}`);
    this.held.set(entryId, { generation, digest, version: content?.kind === "ca-set" ? content.version : null });
    return (["delivered", "applied", "verified"] as const).map((state) => ({ generation, digest, state }));
  };

  get #entries(): Hello["entries"] {
    const held = [...this.held].map(([entryId, { generation, digest }]) => ({ entryId, generation, digest }));
    return held.map((entry) => ({ ...entry, state: "verified" }));
  }

  async #run(): Promise<void> {
    for (let turn = 0; this.#isWanted; turn++) {
      const url = this.#urls[turn % this.#urls.length] ?? "";
      const node = FakeNode.open(url, this.account, this.#habit);
      node.hello({ entries: this.#entries });
      while (this.#isWanted && !node.isClosed) await delay(5);
      await node.close();
      await delay(10);
    }
  }
}
