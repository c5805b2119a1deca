import { apiBasePath } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import type { BrowserContext, Page } from "playwright-core";
import { buildConsole, noBrowserReason, openBrowser } from "../tests/console/chromium.ts";
import { Instance } from "../tests/e2e/instance.ts";
import type { Benchmark, BenchmarkResult, BenchmarkRow } from "./benchmark.ts";
import { gzipKilobytes, initialScripts } from "./console/initial-script.ts";
import { consoleMs, openVisitor, plainTableMs, scriptsOf } from "./console/visitor.ts";
import { median } from "./measure.ts";

const rounds = 9;
const nodeCount = 1_000;
const certificateCount = 300;
const initialTarget = { relation: "at most", value: 250 } as const;

export const consoleBenchmark: Benchmark = {
  name: "console",
  about:
    "JavaScript by entry page; 1,000 nodes and 300 certificates in Chromium, against a plain HTML table of the same rows",
  run: async () => {
    await buildConsole();
    const first = { ...scriptRow("before any page", initialScripts()), target: initialTarget };
    const reason = noBrowserReason();
    if (reason !== undefined) return { rows: [first], notes: [`not measured in a browser: ${reason}`] };
    const { rows, notes } = await inBrowser();
    return { rows: [first, ...rows], notes };
  },
};

function scriptRow(what: string, names: readonly string[]): BenchmarkRow {
  return { what: `JavaScript, gzip: ${what}`, value: gzipKilobytes(names), unit: "kB" };
}

async function inBrowser(): Promise<BenchmarkResult> {
  const [instance, browser] = await Promise.all([Instance.start(), openBrowser()]);
  try {
    const pki = testPki({ now: new Date() });
    const pems = Array.from({ length: certificateCount }, (_, i) => pki.root(`Partner ${i} Root`).pem);
    const caSetId = await instance.createSet("three-hundred", pems);
    const context = await openVisitor(browser, instance);
    const scripts = await scriptRows(context, instance.url, caSetId);
    const drawn = await drawnRows(context, instance, caSetId);
    return { rows: [...scripts, ...drawn], notes };
  } finally {
    await browser.close();
    await instance.remove();
  }
}

const notes = [
  `median of ${rounds} rounds in which all take turns; from the click until two frames after the text is there, with reading and decoding`,
  "the plain table has neither order, filter, links, keyboard, nor the look of the console, and holds all rows at once",
  "by entry page: everything that is fetched until its heading is there, as a signed-in person; the targets are for what comes before any page",
];

async function scriptRows(context: BrowserContext, url: string, caSetId: string): Promise<readonly BenchmarkRow[]> {
  const rows: BenchmarkRow[] = [];
  for (const path of ["/", "/ca-sets", "/ca-sets/new", `/ca-sets/${caSetId}/versions/1`, "/edge-nodes", "/try"])
    rows.push(scriptRow(path, await scriptsOf(context, url + path)));
  return rows;
}

type Subject = {
  readonly what: string;
  readonly path: string;
  /** Of its first row. */
  readonly text: string;
  /** What the rows are made of. */
  readonly address: string;
  readonly rows: string;
};

async function drawnRows(context: BrowserContext, instance: Instance, caSetId: string) {
  await pretendNodes(context, instance);
  const subjects: readonly Subject[] = [
    {
      what: `${nodeCount.toLocaleString("en")} nodes`,
      path: "/edge-nodes",
      text: "edge-0000",
      address: `${apiBasePath}/edge-nodes`,
      rows: "({ edgeNodes }) => edgeNodes.map((one) => [one.nodeId, one.network, one.engine, String(one.connected)])",
    },
    {
      what: `${certificateCount} certificates`,
      path: `/ca-sets/${caSetId}/versions/1`,
      text: "Partner 0 Root",
      address: `${apiBasePath}/ca-sets/${caSetId}/versions/1`,
      rows: "({ certificates }) => certificates.map((one) => [one.subject, one.fingerprint, one.endDate])",
    },
  ];
  const page = await context.newPage();
  const times = subjects.map(() => ({ own: [] as number[], plain: [] as number[] }));
  // The first round is for what the browser keeps.
  for (let round = 0; round <= rounds; round++)
    for (const [i, subject] of subjects.entries()) {
      const measured = await oneTurn(page, instance.url, subject);
      if (round > 0) {
        times[i]?.own.push(measured.own);
        times[i]?.plain.push(measured.plain);
      }
    }
  return subjects.flatMap(({ what }, i) => rowsOf(what, times[i] ?? { own: [], plain: [] }));
}

async function oneTurn(page: Page, url: string, { path, text, address, rows }: Subject) {
  await page.goto(`${url}/settings`);
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  const own = await consoleMs(page, path, text);
  await page.goto(`${url}/plain-table`);
  return { own, plain: await plainTableMs(page, address, rows) };
}

function rowsOf(what: string, { own, plain }: { readonly own: readonly number[]; readonly plain: readonly number[] }) {
  const ratio = median(own.map((ms, i) => ms / (plain[i] ?? ms)));
  return [
    { what: `${what}, console`, value: median(own), unit: "ms" },
    { what: `${what}, plain table`, value: median(plain), unit: "ms" },
    { what: `${what}, console by plain table`, value: ratio, unit: "×" },
  ];
}

/** As many as the product has two of; and an empty page of the same origin for the peer. */
async function pretendNodes(context: BrowserContext, instance: Instance): Promise<void> {
  const { body } = await instance.request("GET", "/edge-nodes");
  const { edgeNodes } = body as { readonly edgeNodes: readonly object[] };
  const many = Array.from({ length: nodeCount }, (_, i) => ({
    ...edgeNodes[i % edgeNodes.length],
    nodeId: `edge-${String(i).padStart(4, "0")}`,
  }));
  const json = JSON.stringify({ edgeNodes: many });
  await context.route(/\/v2\/edge-nodes(\?|$)/, (route) =>
    route.fulfill({ body: json, contentType: "application/json" }),
  );
  await context.route("**/plain-table", (route) =>
    route.fulfill({ body: "<!doctype html><title>plain</title>", contentType: "text/html" }),
  );
}
