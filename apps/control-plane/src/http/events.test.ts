import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { apiBasePath, type ControlPlaneEvent, controlPlaneEvent } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";

const root = testPki().root("Event Root");

let plane: ControlPlaneHarness;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start({ heartbeatIntervalMs: 300 });
  await plane.connectLocalNodes();
});
afterAll(() => plane.remove());

type Received = { readonly id: string; readonly name: string; readonly event: ControlPlaneEvent };

/** A reader of the stream, as a browser is one. */
class Reader {
  readonly response: IncomingMessage;
  text = "";
  isEnded = false;

  private constructor(response: IncomingMessage) {
    this.response = response;
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      this.text += chunk;
    });
    response.on("end", () => {
      this.isEnded = true;
    });
    response.on("error", () => {
      this.isEnded = true;
    });
  }

  static async open(lastEventId?: string, token = plane.viewer, url = plane.controlPlane.url): Promise<Reader> {
    const headers = {
      authorization: `Bearer ${token}`,
      accept: "text/event-stream",
      ...(lastEventId !== undefined && { "last-event-id": lastEventId }),
    };
    const request = get(`${url}${apiBasePath}/events`, { headers, agent: false });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return new Reader(response);
  }

  get events(): readonly Received[] {
    return this.text
      .split("\n\n")
      .slice(0, -1)
      .filter((block) => !block.startsWith(":"))
      .map((block) => {
        const [id = "", name = "", data = ""] = block.split("\n").map((line) => line.replace(/^[a-z]+: /, ""));
        return { id, name, event: controlPlaneEvent.parse(JSON.parse(data)) };
      });
  }

  async until(condition: (reader: Reader) => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(120_000);
    while (!condition(this))
      await Promise.race([
        once(this.response, "data", { signal: deadline }),
        once(this.response, "end", { signal: deadline }),
      ]);
  }

  close(): void {
    this.response.destroy();
  }
}

describe("GET /events", () => {
  test("HEAD asks for the headers, ends at once and takes nobody's place", async () => {
    for (let i = 0; i < 40; i++) {
      const headers = { accept: "text/event-stream" };
      const answer = await plane.ask("HEAD", "/events", { token: plane.viewer, headers });
      expect([answer.status, answer.headers["content-type"]]).toEqual([200, "text/event-stream; charset=utf-8"]);
    }
  });

  test("tells of an activation from its beginning to its end, in order, each with its number", async () => {
    const reader = await Reader.open();
    expect(reader.response.statusCode).toBe(200);
    expect(reader.response.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
    });
    await reader.until(({ events }) => events.length === 1);
    expect(reader.events[0]?.event).toEqual({ type: "ready" });
    const id = await plane.createVersion([root]);
    const { activationId, activationLink } = await plane.ended(await plane.activate(id, 1, "STAGING"));
    const isEnd = ({ event }: Received) => event.type === "activation" && event.activationStatus === "COMPLETE";
    await reader.until(({ events }) => events.some(isEnd));
    const { events } = reader;
    reader.close();
    const mine = events.flatMap(({ event }) => ("caSetId" in event && event.caSetId === id ? [event] : []));
    expect(mine.flatMap((event) => (event.type === "ca-set" ? event.activity : []))).toEqual([
      "CREATE_CA_SET",
      "CREATE_CA_SET_VERSION",
      "ACTIVATE_CA_SET_VERSION",
    ]);
    expect(mine.at(-1)).toEqual({
      type: "activation",
      activationId,
      activationLink,
      activationStatus: "COMPLETE",
      caSetId: id,
      version: 1,
      network: "STAGING",
    });
    const numbers = events.map((one) => Number(one.id));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(events.every(({ name, event }) => name === event.type)).toBe(true);
  });

  test("goes on where the reader was: nothing is missed and nothing told twice", async () => {
    const first = await Reader.open();
    await plane.createSet("resume-one");
    await first.until(({ events }) => events.some(({ event }) => event.type === "ca-set"));
    const seen = first.events.at(-1)?.id ?? "";
    first.close();
    const missed = (await plane.createSet("resume-two")).caSetId;
    const second = await Reader.open(seen);
    await second.until(({ events }) => events.length === 2);
    second.close();
    expect(second.events.map(({ event }) => event)).toMatchObject([
      { type: "ready" },
      { type: "ca-set", caSetId: missed, activity: "CREATE_CA_SET" },
    ]);
  });

  test.each([
    "999999999",
    "not-a-number",
    "-1",
  ])("tells a reader to read everything again when %j is unknown", async (seen) => {
    const reader = await Reader.open(seen);
    await reader.until(({ events }) => events.length === 1);
    reader.close();
    expect(reader.events[0]?.event).toEqual({ type: "reset" });
    expect(reader.events[0]?.id).toMatch(/^\d+$/);
  });

  test("resets a reader that was away for longer than events are kept", async () => {
    await plane.createSet();
    const { db } = plane.controlPlane.context.store;
    const { newest } = await db
      .selectFrom("events")
      .select(({ fn }) => fn.max("id").as("newest"))
      .executeTakeFirstOrThrow();
    await db.deleteFrom("events").where("id", "<", newest).execute();
    const late = await Reader.open(String(newest - 2));
    await late.until(({ events }) => events.length === 1);
    late.close();
    expect(late.events[0]?.event).toEqual({ type: "reset" });
    const inTime = await Reader.open(String(newest - 1));
    await inTime.until(({ events }) => events.length === 2);
    inTime.close();
    expect(inTime.events.map(({ event }) => event.type)).toEqual(["ready", "ca-set"]);
  });

  test("tells of nodes and edge certificates", async () => {
    const reader = await Reader.open();
    const id = await plane.createVersion([root]);
    await plane.activateOnBoth(id);
    const body = { hostnames: ["events.example"], clientAuthentication: { caSetId: id } };
    const bound = await plane.ask("POST", "/edge-certificates", { body });
    const { edgeCertificateId } = bound.body as { edgeCertificateId: number };
    await plane.ask("DELETE", `/edge-certificates/${edgeCertificateId}?confirm=true`);
    const node = await plane.connect(await plane.enrol("passing-node", "STAGING"));
    await node.close();
    await plane.ask("PATCH", "/edge-nodes/passing-node", { body: { drained: true } });
    await plane.ask("PATCH", "/edge-nodes/passing-node", { body: { drained: false } });
    const changes = (received: readonly Received[], type: string) =>
      received.flatMap(({ event }) => (event.type === type && "change" in event ? event.change : []));
    await reader.until(({ events }) => changes(events, "edge-node").includes("disconnected"));
    await reader.until(({ events }) => changes(events, "edge-node").includes("undrained"));
    reader.close();
    expect(changes(reader.events, "edge-node").toSorted()).toEqual([
      "connected",
      "disconnected",
      "drained",
      "undrained",
    ]);
    expect(changes(reader.events, "edge-certificate")).toEqual(
      expect.arrayContaining(["deployed", "reported", "withdrawn"]),
    );
  });

  test("keeps the connection alive by heartbeats that are no events", async () => {
    const reader = await Reader.open();
    await reader.until(({ text }) => text.includes(": heartbeat\n\n"));
    reader.close();
    expect(reader.events.every(({ event }) => event.type !== undefined)).toBe(true);
  });

  test("ends when the reader's token is revoked", async () => {
    const other = await ControlPlaneHarness.start({ heartbeatIntervalMs: 300 });
    try {
      const reader = await Reader.open(undefined, other.viewer, other.controlPlane.url);
      await reader.until(({ events }) => events.length === 1);
      const { db } = other.controlPlane.context.store;
      await db.updateTable("api_tokens").set({ revoked_at: "2026-06-01T00:00:00.000000Z" }).execute();
      await reader.until(({ isEnded }) => isEnded);
      expect(reader.isEnded).toBe(true);
    } finally {
      await other.remove();
    }
  });

  test("ends when the control plane stops, which it does not hold up", async () => {
    const other = await ControlPlaneHarness.start({ heartbeatIntervalMs: 60_000 });
    const reader = await Reader.open(undefined, other.viewer, other.controlPlane.url);
    await reader.until(({ events }) => events.length === 1);
    await other.remove();
    await reader.until(({ isEnded }) => isEnded);
    expect(reader.isEnded).toBe(true);
  });

  test("is refused to who reads it too often already, and to nobody else", async () => {
    const other = await ControlPlaneHarness.start();
    try {
      const open = (token: string) => Reader.open(undefined, token, other.controlPlane.url);
      const statusOf = async (token: string) => {
        const reader = await open(token);
        const { statusCode } = reader.response;
        reader.close();
        return statusCode;
      };
      // One after the other: on a machine that is busy, the headers of 32 at once would wait for longer than the server does.
      for (let i = 0; i < 32; i++) expect((await open(other.viewer)).response.statusCode).toBe(200);
      expect(await statusOf(other.viewer)).toBe(503);
      expect(await statusOf(other.admin)).toBe(200);
    } finally {
      await other.remove();
    }
  });

  test("is refused without a token and to who wants JSON", async () => {
    expect(refusal(await plane.ask("GET", "/events", { token: null }))).toEqual([401, "unauthorized"]);
    const json = await plane.ask("GET", "/events", { headers: { accept: "application/json" } });
    expect(refusal(json)).toEqual([406, "media-type-not-acceptable"]);
  });
});
