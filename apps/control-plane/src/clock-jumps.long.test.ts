import { type ActivationView, activation, activationList, caSet, version } from "@tcm/api-contract";
import { temporaryDirectory, testPki } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { openAuditKey } from "./audit/audit-key.ts";
import { verifyAudit } from "./audit/verify-audit.ts";
import { openOperatorKey } from "./keys/operator-key.ts";
import { openExistingStore } from "./store/open-store.ts";
import { type Ask, apiClient } from "./testing/api-client.ts";
import { Browser } from "./testing/browser.ts";
import { certificateList, expectStatus } from "./testing/control-plane-harness.ts";
import { ControlPlaneProcess, runTokenMain } from "./testing/control-plane-process.ts";
import { FakedTime, fakedTimeMissing } from "./testing/faked-time.ts";
import { FakeNode, proves, staysSilent } from "./testing/fake-node.ts";

const missing = fakedTimeMissing();
if (missing !== undefined) console.warn(`skipped: clocks that jump (${missing})`);

const account = { name: "operator@tcm.example", password: "seven green kettles" };
const hourMs = 3_600_000;
const soon = { timeout: 60_000 };

/** A control plane with a clock of its own, a staging node, an account that is signed in, and version 1 in force. */
class Story {
  readonly time = new FakedTime();
  readonly directory = temporaryDirectory();
  readonly #pki = testPki({ now: new Date() });
  #process: ControlPlaneProcess | undefined;
  #token = "";
  caSetId = "";
  node!: FakeNode;
  browser!: Browser;

  static async begin(): Promise<Story> {
    const story = new Story();
    await story.start();
    story.#token = (await runTokenMain("--role", "admin", "--data", story.directory)).stdout.trim();
    expect((await story.ask("POST", "/users", { body: { ...account, role: "editor" } })).status).toBe(201);
    story.browser = new Browser(story.ask, story.#running.url);
    await story.signIn();
    const created = await story.ask("POST", "/ca-sets", { body: { caSetName: "story" } });
    story.caSetId = expectStatus(created, 201, caSet).caSetId;
    expect(await story.ended(await story.deploy(1))).toMatchObject({ activationStatus: "COMPLETE" });
    return story;
  }

  get #running(): ControlPlaneProcess {
    if (this.#process === undefined) throw new Error("not started");
    return this.#process;
  }

  readonly ask: Ask = (...request) => apiClient(this.#running.url, this.#token)(...request);

  async start(): Promise<void> {
    const started = await ControlPlaneProcess.start(this.directory, [0, 0], [], { env: this.time.env });
    this.#process = started;
    onTestFinished(async () => void (await started.end("SIGKILL")));
    const node = await FakeNode.connect(started.ready.nodeUrl, started.localNode("STAGING"));
    onTestFinished(() => node.close());
    this.node = node;
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    await this.#running.end(signal);
  }

  async signIn(): Promise<void> {
    expect((await this.browser.send("POST", "/session", account)).status).toBe(201);
  }

  async session(): Promise<number> {
    return (await this.browser.send("GET", "/ca-sets")).status;
  }

  /** The time of the control plane, by what it writes down. */
  async now(): Promise<number> {
    const caSetName = `at-${Math.random().toString(36).slice(2)}`;
    return Date.parse(
      expectStatus(await this.ask("POST", "/ca-sets", { body: { caSetName } }), 201, caSet).createdDate,
    );
  }

  /** Makes a version and begins to deploy it; resolves when the node was told. Versions and generations rise together. */
  async deploy(number: number): Promise<ActivationView> {
    const body = { certificates: certificateList([this.#pki.root(`Root ${number}`)]) };
    const versions = `/ca-sets/${this.caSetId}/versions`;
    expect(expectStatus(await this.ask("POST", versions, { body }), 201, version).version).toBe(number);
    const begun = await this.ask("POST", `${versions}/${number}/activate`, { body: { network: "STAGING" } });
    await this.node.until(() => this.told?.generation.number === number);
    return expectStatus(begun, 202, activation);
  }

  get told() {
    return this.node.newest(`ca-set/${this.caSetId}`)?.entry;
  }

  prove(): void {
    if (this.told !== undefined) this.node.reports(this.told, "verified");
  }

  async read({ activationLink }: ActivationView): Promise<ActivationView> {
    return activation.parse((await this.ask("GET", `/${activationLink}`)).body);
  }

  async ended(begun: ActivationView): Promise<ActivationView> {
    await expect.poll(async () => (await this.read(begun)).activationStatus, soon).not.toBe("IN_PROGRESS");
    return this.read(begun);
  }

  /** Each ended once, and stayed as it ended; the record of all that was written is whole. */
  async expectWhole(endings: readonly ActivationView[]): Promise<void> {
    const listed = await this.ask("GET", `/ca-sets/${this.caSetId}/activations`);
    const { activations } = expectStatus(listed, 200, activationList);
    for (const ending of endings)
      expect(activations.filter(({ activationId }) => activationId === ending.activationId)).toMatchObject([
        { activationStatus: ending.activationStatus, modifiedDate: ending.modifiedDate },
      ]);
    await this.stop("SIGTERM");
    const store = await openExistingStore(this.directory);
    onTestFinished(() => store.close());
    const { faults } = await verifyAudit(store.db, await openAuditKey(store, openOperatorKey(this.directory)));
    expect(faults).toEqual([]);
  }
}

describe.skipIf(missing !== undefined)("a clock that jumps in the middle of a deployment", () => {
  test("an hour back: it is completed by proof, later ones go above it, and nobody is signed out", async () => {
    const story = await Story.begin();
    const began = await story.now();
    story.node.habit = staysSilent;
    const second = await story.deploy(2);
    story.time.set("-1h");
    expect(began - (await story.now())).toBeGreaterThan(hourMs / 2);
    expect(await story.session()).toBe(200);
    expect((await story.read(second)).activationStatus).toBe("IN_PROGRESS");
    story.prove();
    const secondEnd = await story.ended(second);
    expect(secondEnd).toMatchObject({ activationStatus: "COMPLETE", percentComplete: 100 });
    story.node.habit = proves;
    const thirdEnd = await story.ended(await story.deploy(3));
    story.time.set("+0");
    const fourthEnd = await story.ended(await story.deploy(4));
    for (const end of [thirdEnd, fourthEnd]) expect(end.activationStatus).toBe("COMPLETE");
    expect(await story.session()).toBe(200);
    await story.expectWhole([secondEnd, thirdEnd, fourthEnd]);
  });

  test("a day forward: its deadline has passed, once, and what comes has a whole one again", async () => {
    const story = await Story.begin();
    story.node.habit = staysSilent;
    const second = await story.deploy(2);
    story.time.set("+1d");
    const secondEnd = await story.ended(second);
    expect(secondEnd).toMatchObject({ activationStatus: "FAILED" });
    expect(secondEnd.failureReason).toContain("staging-edge");
    // Sessions are over by then; tokens without an end, and nodes, whose certificates are good for a week, are not.
    expect(await story.session()).toBe(401);
    expect(story.node.isClosed).toBe(false);
    story.prove();
    const set = () => story.ask("GET", `/ca-sets/${story.caSetId}`);
    expect((await set()).body).toMatchObject({ stagingVersion: 2 });
    const third = await story.deploy(3);
    expect((await story.read(third)).activationStatus).toBe("IN_PROGRESS");
    story.prove();
    const thirdEnd = await story.ended(third);
    expect(thirdEnd.activationStatus).toBe("COMPLETE");

    // Somebody puts the clock right while the next one runs, and the process dies in between.
    const fourth = await story.deploy(4);
    await story.signIn();
    await story.stop("SIGKILL");
    story.time.set("+0");
    await story.start();
    const fourthEnd = await story.ended(fourth);
    expect(fourthEnd.activationStatus).toBe("COMPLETE");
    expect(await story.session()).toBe(200);
    const fifthEnd = await story.ended(await story.deploy(5));
    expect(fifthEnd.activationStatus).toBe("COMPLETE");
    await story.expectWhole([secondEnd, thirdEnd, fourthEnd, fifthEnd]);
  });
});
