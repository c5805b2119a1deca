import { get, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { endpoints } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";
import { rejects, staysSilent } from "../testing/fake-node.ts";

const root = testPki().root("Metrics Root");

let plane: ControlPlaneHarness;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
});
afterAll(() => plane.remove());

/** The samples by name and labels, as Prometheus would read them. */
async function scrape(of = plane): Promise<ReadonlyMap<string, number>> {
  const { status, text } = await of.ask("GET", "//metrics", { token: of.viewer });
  expect(status).toBe(200);
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const [, series = "", value] = /^([A-Za-z_:][\w:]*(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
      if (value === undefined) throw new Error(`no sample: ${line}`);
      return [series, Number(value)];
    }),
  );
}

describe("GET /metrics is for who may read", () => {
  test("nobody without a token, loopback or not", async () => {
    expect(refusal(await plane.ask("GET", "//metrics", { token: null }))).toEqual([401, "unauthorized"]);
    expect(refusal(await plane.ask("GET", "//metrics", { token: "tcm_wrong" }))).toEqual([401, "unauthorized"]);
  });

  test("a viewer's token is enough, with the headers that Prometheus sends", async () => {
    const accept = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1";
    const answer = await plane.ask("GET", "//metrics", { token: plane.viewer, headers: { accept } });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(answer.headers["cache-control"]).toBe("no-store");
  });
});

describe("requests are counted by template", () => {
  test("method, template and status, and how long they took", async () => {
    const labels = 'method="GET",route="/mtls-edge-truststore/v2/ca-sets/:caSetId"';
    const before = (await scrape()).get(`tcm_http_requests_total{${labels},status="404"}`) ?? 0;
    for (const id of [7_001, 7_002, 7_003]) await plane.ask("GET", `/ca-sets/${id}`);
    const after = await scrape();
    expect(after.get(`tcm_http_requests_total{${labels},status="404"}`)).toBe(before + 3);
    const count = after.get(`tcm_http_request_duration_seconds_count{${labels}}`);
    expect(count).toBe(before + 3);
    expect(after.get(`tcm_http_request_duration_seconds_bucket{le="+Inf",${labels}}`)).toBe(count);
  });

  test("what has no route is one series, and refusals count too", async () => {
    for (const path of ["//secret-place", "//other?x=tcm_abc", "/nowhere/at/all"]) await plane.ask("GET", path);
    await plane.ask("PROPFIND", "//secret-place");
    await plane.ask("GET", "/ca-sets", { token: null });
    const samples = await scrape();
    expect(samples.get('tcm_http_requests_total{method="GET",route="none",status="404"}')).toBe(3);
    expect(samples.get('tcm_http_requests_total{method="other",route="none",status="404"}')).toBe(1);
    const list = 'method="GET",route="/mtls-edge-truststore/v2/ca-sets",status="401"';
    expect(samples.get(`tcm_http_requests_total{${list}}`)).toBe(1);
  });

  test("a stream of events counts when it has ended, and its length is nobody's latency", async () => {
    const own = await ControlPlaneHarness.start({ heartbeatIntervalMs: 100 });
    try {
      const headers = { authorization: `Bearer ${own.admin}` };
      const request = get(`${own.controlPlane.localUrl}/mtls-edge-truststore/v2/events`, { headers });
      const [response] = (await once(request, "response")) as [IncomingMessage];
      const { db } = own.controlPlane.context.store;
      await db.updateTable("api_tokens").set({ revoked_at: "2026-06-01T00:00:00.000Z" }).execute();
      await once(response.resume(), "end");
      await db.updateTable("api_tokens").set({ revoked_at: null }).execute();
      const samples = await scrape(own);
      const ofStream = [...samples].filter(([series]) => series.includes("/events"));
      const labels = 'method="GET",route="/mtls-edge-truststore/v2/events",status="200"';
      expect(ofStream).toEqual([[`tcm_http_requests_total{${labels}}`, 1]]);
    } finally {
      await own.remove();
    }
  });
});

describe("deployments and nodes", () => {
  test("nodes by network: expected, connected, drifted, and drained ones not at all", async () => {
    const own = await ControlPlaneHarness.start();
    try {
      await own.connect(own.localNode("STAGING"));
      await own.connect(await own.enrol("silent", "STAGING"), staysSilent);
      const nodes = async (what: string) => {
        const samples = await scrape(own);
        return ["STAGING", "PRODUCTION"].map((network) => samples.get(`tcm_nodes_${what}{network="${network}"}`));
      };
      expect(await nodes("expected")).toEqual([2, 1]);
      expect(await nodes("drifted")).toEqual([0, 0]);
      const id = await own.createVersion([root]);
      await own.activate(id, 1, "STAGING");
      // Each asked until it shows: what nodes say is on its way.
      await expect.poll(() => nodes("connected"), { timeout: 120_000 }).toEqual([2, 0]);
      await expect.poll(() => nodes("drifted"), { timeout: 120_000 }).toEqual([1, 0]);
      expect((await scrape(own)).get('tcm_activations_running{network="STAGING"}')).toBe(1);
      await own.drain("silent");
      await expect.poll(() => nodes("expected"), { timeout: 120_000 }).toEqual([1, 1]);
      expect(await nodes("drifted")).toEqual([0, 0]);
    } finally {
      await own.remove();
    }
  });

  test.each([
    ["is told of a change, and who waits for that", 3_600_000, [1, 1, 0]],
    ["let its time pass", 1, [0, 0, 2]],
  ])("who %s", async (_who, deadlineMs, told) => {
    const own = await ControlPlaneHarness.start({ window: { size: 1, deadlineMs } });
    const nodes = async (network = "STAGING") => {
      const samples = await scrape(own);
      return ["told", "waiting", "behind"].map((what) => samples.get(`tcm_nodes_${what}{network="${network}"}`));
    };
    try {
      await own.drain("staging-edge");
      for (const nodeId of ["hung-1", "hung-2"]) await own.connect(await own.enrol(nodeId, "STAGING"), staysSilent);
      expect(await nodes()).toEqual([0, 0, 0]);
      await own.activate(await own.createVersion([root]), 1, "STAGING");
      await expect.poll(() => nodes(), { timeout: 120_000 }).toEqual(told);
      expect(await nodes("PRODUCTION")).toEqual([0, 0, 0]);
    } finally {
      await own.remove();
    }
  });

  test("what has ended, by network and outcome, with its duration: from the first one on", async () => {
    const own = await ControlPlaneHarness.start();
    const ended = async (network: string, outcome: string) =>
      (await scrape(own)).get(`tcm_activation_duration_seconds_count{network="${network}",outcome="${outcome}"}`);
    try {
      expect(await ended("STAGING", "failed")).toBe(0);
      await own.connect(own.localNode("STAGING"));
      await own.connect(own.localNode("PRODUCTION"), rejects);
      const id = await own.createVersion([root]);
      await own.ended(await own.activate(id, 1, "STAGING"));
      await own.ended(await own.activate(id, 1, "PRODUCTION"));
      expect([await ended("STAGING", "complete"), await ended("STAGING", "failed")]).toEqual([1, 0]);
      expect([await ended("PRODUCTION", "complete"), await ended("PRODUCTION", "failed")]).toEqual([0, 1]);
      const silent = await own.enrol("silent", "STAGING");
      await own.connect(silent, staysSilent);
      await own.ask("POST", `/ca-sets/${id}/versions/1/clone`);
      const { activationLink } = await own.activate(id, 2, "STAGING");
      own.clock.advance(30_000);
      expect((await own.ask("POST", `/${activationLink}/cancel`)).status).toBe(200);
      const samples = await scrape(own);
      const labels = 'network="STAGING",outcome="cancelled"';
      expect(samples.get(`tcm_activation_duration_seconds_count{${labels}}`)).toBe(1);
      expect(samples.get(`tcm_activation_duration_seconds_sum{${labels}}`)).toBe(30);
      expect(samples.get('tcm_activations_running{network="STAGING"}')).toBe(0);
    } finally {
      await own.remove();
    }
  });
});

describe("the process and its store", () => {
  test("validation, reports, transactions, event loop, memory, and what runs", async () => {
    await plane.createVersion([root]);
    const samples = await scrape();
    expect(samples.get("tcm_validations_waiting")).toBe(0);
    expect(samples.get("tcm_validation_busy")).toBe(0);
    expect(samples.get("tcm_node_reports_waiting")).toBe(0);
    expect(samples.get('tcm_store_transaction_duration_seconds_count{outcome="committed"}')).toBeGreaterThan(1);
    expect(samples.get("nodejs_eventloop_lag_p99_seconds")).toBeGreaterThan(0);
    expect(samples.get("process_resident_memory_bytes")).toBeGreaterThan(1e6);
    const info = [...samples.keys()].filter((key) => key.startsWith("tcm_build_info"));
    expect(info).toEqual([`tcm_build_info{version="0.1.0",node="${process.versions.node}"}`]);
  });

  test("a store that cannot be read leaves its gauges out, and the rest stays", async () => {
    const own = await ControlPlaneHarness.start();
    try {
      await own.controlPlane.context.store.db.schema.dropTable("activation_nodes").execute();
      await own.controlPlane.context.store.db.schema.dropTable("activations").execute();
      const samples = await scrape(own);
      expect(samples.has('tcm_activations_running{network="STAGING"}')).toBe(false);
      expect(samples.get('tcm_nodes_expected{network="STAGING"}')).toBe(1);
    } finally {
      await own.remove();
    }
  });
});

describe("labels are bounded", () => {
  test("no name, id, certificate or path of anybody is in what is exposed", async () => {
    const { caSetName } = await plane.createSet("a-telling-name");
    const id = await plane.createVersion([root]);
    for (const endpoint of Object.values(endpoints)) {
      if (endpoint.path === "/events") continue;
      await plane.ask(endpoint.method, endpoint.path.replace(/\{[A-Za-z]+\}/g, "4711"), { token: plane.viewer });
    }
    // Series alone: a number of bytes may have any digits.
    const text = [...(await scrape()).keys()].join("\n");
    for (const secret of [caSetName, "Metrics Root", root.fingerprint, "4711", `/ca-sets/${id}`, plane.viewer])
      expect(text).not.toContain(secret);
    const routes = new Set([...text.matchAll(/route="([^"]*)"/g)].map(([, route]) => route));
    expect(routes.size).toBeGreaterThan(20);
    for (const route of routes) expect(route).toMatch(/^(none|\/[a-z0-9.:/A-Z-]*)$/);
  });
});
