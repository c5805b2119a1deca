import { type HandshakeReport, handshakeSummary } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { recordHandshakes } from "../operations/handshakes/record-handshakes.ts";
import { removedAnchorRefusals } from "../operations/handshakes/removed-anchor-refusals.ts";
import { summariseHandshakes } from "../operations/handshakes/summarise-handshakes.ts";
import { ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";
import { PostgresServer, postgresMissing } from "../testing/postgres-server.ts";

const missing = postgresMissing();
if (missing !== undefined) console.warn(`skipped: handshakes on PostgreSQL (${missing})`);

const root = testPki().root("Root");
const hourMs = 3_600_000;
const nodes = ["one", "two", "three", "four"].map((nodeId) => ({ nodeId, network: "STAGING" as const }));

describe.skipIf(missing !== undefined)("handshakes on PostgreSQL", () => {
  test("from several control planes at once, some of them twice, give the sums of all, before and after they become hours", async () => {
    const server = await PostgresServer.start();
    onTestFinished(() => server.remove());
    const database = await server.createDatabase("handshakes");
    const operatorKey = Buffer.alloc(32, 7).toString("base64");
    const plane = await ControlPlaneHarness.start({ database, operatorKey });
    onTestFinished(() => plane.remove());
    const neighbour = await ControlPlaneHarness.start({ database, operatorKey });
    onTestFinished(() => neighbour.remove());
    const caSetId = await plane.createVersion([root]);
    const at = Math.floor(plane.clock.now() / 1_000);
    const generation = { epoch: 1, number: 1 };
    const kind = { caSetId, version: 1, generation, anchor: root.fingerprint, at, lastSeen: at };
    const report: HandshakeReport = {
      stream: "0".repeat(16),
      sequence: 1,
      lost: 0,
      counts: [
        { ...kind, outcome: "accepted", reason: "", count: 900_000_000 },
        { ...kind, outcome: "removed-anchor", reason: "issuer-not-found", count: 2 },
      ],
      clients: [{ caSetId, anchor: root.fingerprint, fingerprint: "a".repeat(64), notAfter: at, lastSeen: at }],
    };
    const said = nodes.map((node) => ({ node, report }));
    const contexts = [plane, neighbour].map(({ controlPlane }) => controlPlane.context);
    await Promise.all(contexts.flatMap((context) => said.map((one) => recordHandshakes(context, [one, one]))));

    const { context } = plane.controlPlane;
    const question = {
      activationId: 0,
      network: "STAGING",
      caSetId: Number(caSetId),
      generation,
      since: plane.clock.now(),
    } as const;
    expect(await removedAnchorRefusals(context.store.db, question)).toMatchObject({ clients: 8 });
    const read = async () => {
      const start = encodeURIComponent(new Date(plane.clock.now() - 48 * hourMs).toISOString());
      const answer = await plane.ask(
        "GET",
        `/ca-sets/${caSetId}/handshakes?network=STAGING&start=${start}&bucket=3600`,
      );
      return expectStatus(answer, 200, handshakeSummary);
    };
    const before = await read();
    expect(before).toMatchObject({ accepted: 3_600_000_000, removedAnchor: 8 });
    plane.clock.advance(30 * hourMs);
    await Promise.all(contexts.map((one) => summariseHandshakes({ ...one, clock: plane.clock.now })));
    expect(await read()).toMatchObject({ accepted: before.accepted, anchors: before.anchors, buckets: before.buckets });
    const rows = await context.store.db.selectFrom("handshake_counts").select("bucket_seconds").execute();
    expect(rows.map(({ bucket_seconds }) => bucket_seconds)).toEqual([3_600, 3_600]);
  });
});
