import { once } from "node:events";
import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import type { IncomingMessage } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { binding, caSet, dial, pki } from "../node-tls/edge-under-test.ts";
import { takeSession } from "../probe/resumption-probe.ts";
import { shop, visit } from "./engines-under-test.ts";
import type { OpenProxy } from "./trust-file-engine-contract.ts";

const staying = pki.root("Staying Root");
const rotating = pki.root("Rotating Root");
const next = pki.root("Rotating Root");
const kept = staying.intermediate("Staying Issuing").leaf("kept");
const before = rotating.leaf("before");
const after = next.leaf("after");

export type LoadTraits = {
  /** Requests on connections that are kept open are lost to none of its changes: it closes none but with an answer. */
  readonly keepsRequests: boolean;
};

/** Add, rotate, remove and roll back while clients come and go: edges.md §3.4. */
export function describeUnderLoad(name: string, open: OpenProxy, { keepsRequests }: LoadTraits): void {
  test(`${name}: 300 CAs are served and proved, each of them`, async () => {
    const proxy = await open();
    const port = proxy.portOf(shop);
    await proxy.deploy(binding([shop]));
    await proxy.apply(caSet([staying, rotating]));
    const many = Array.from({ length: 299 }, (_, i) => pki.root(`Partner ${i} Root, of a length that is usual`));
    const outcome = await proxy.deploy(caSet([staying, ...many], 2));
    expect(outcome, outcome.detail).toMatchObject({ ok: true });
    for (const client of [kept, many.at(-1)?.leaf("last")])
      expect(await visit({ port, hostname: shop, client })).toBe(200);
    expect(await visit({ port, hostname: shop, client: before })).not.toBe(200);
  });

  describe(`${name}, while clients come and go`, () => {
    test("loses no new connection, and keeps who is still trusted, through every kind of change", async () => {
      const proxy = await open();
      const port = proxy.portOf(shop);
      await proxy.deploy(binding([shop]));
      expect(await proxy.deploy(caSet([staying, rotating]))).toMatchObject({ ok: true });
      const over = new AbortController();
      const fresh = Array.from({ length: 2 }, () => visitAgainAndAgain(port, over.signal));
      const persistent = Array.from({ length: 8 }, () => requestAgainAndAgain(port, over.signal));
      const many = Array.from({ length: 100 }, (_, i) => pki.root(`Partner ${i}`));
      const sets = [
        [staying, rotating, next],
        [staying, next],
        [staying, rotating, next],
        [staying, rotating, ...many],
        [staying, rotating],
      ];
      for (let version = 2; version < 12; version++) {
        const set = sets[version % sets.length] ?? [];
        const sessions = set.includes(rotating) ? [] : await sessionsOf(port, before);
        const outcome = await proxy.deploy(caSet(set, version));
        expect(outcome, outcome.detail).toMatchObject({ ok: true });
        for (const session of sessions) expect(await session.resumes()).toBe(false);
        for (const [ca, client] of [
          [rotating, before],
          [next, after],
        ] as const) {
          const answer = await visit({ port, hostname: shop, client });
          expect(answer === 200, `version ${version}: ${answer}`).toBe(set.includes(ca));
        }
      }
      over.abort();
      const visits = (await Promise.all(fresh)).flat();
      const requests = (await Promise.all(persistent)).flat();
      expect(visits.length).toBeGreaterThan(50);
      expect(visits.filter((answer) => answer !== 200)).toEqual([]);
      expect(requests.length).toBeGreaterThan(100);
      const lost = requests.filter((answer) => answer !== 200);
      if (keepsRequests) expect(lost).toEqual([]);
      // The race of every reload: the connection ends while a request is on its way, which its client may send again.
      else expect(lost.filter((answer) => answer !== "ECONNRESET" && answer !== "EPIPE")).toEqual([]);
    });
  });
}

async function sessionsOf(port: number, client: typeof before) {
  const target = { host: "127.0.0.1", port, serverName: shop };
  return Promise.all((["TLSv1.2", "TLSv1.3"] as const).map((version) => takeSession(target, client, version)));
}

async function visitAgainAndAgain(port: number, over: AbortSignal): Promise<readonly (number | string)[]> {
  const answers: (number | string)[] = [];
  while (!over.aborted) answers.push(await visit({ port, hostname: shop, client: kept }));
  return answers;
}

/** On a connection that is kept as long as the proxy keeps it. */
async function requestAgainAndAgain(port: number, over: AbortSignal): Promise<readonly (number | string)[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const answers: (number | string)[] = [];
  while (!over.aborted) {
    const outgoing = request({ ...dial({ port }, shop, kept), agent, headers: { Host: shop } });
    outgoing.end();
    try {
      const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
      await text(incoming);
      answers.push(incoming.statusCode ?? 0);
    } catch (error) {
      answers.push(error instanceof Error && "code" in error ? String(error.code) : String(error));
    }
  }
  return answers;
}
