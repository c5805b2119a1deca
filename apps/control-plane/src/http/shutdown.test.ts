import { once } from "node:events";
import { Agent, type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import { apiBasePath, caSetList } from "@tcm/api-contract";
import { temporaryDirectory } from "@tcm/testkit";
import { afterAll, describe, expect, test } from "vitest";
import { apiClient } from "../testing/api-client.ts";
import { ControlPlaneProcess, runTokenMain } from "../testing/control-plane-process.ts";

const limits = ["--limits", "caSets=10000,requestsPerMinute=1000000"];
const running: ControlPlaneProcess[] = [];
afterAll(() => Promise.all(running.map((one) => one.end("SIGKILL"))));

type Started = { readonly plane: ControlPlaneProcess; readonly token: string; readonly directory: string };

async function start(drainSeconds: number, directory = temporaryDirectory()): Promise<Started> {
  const plane = await ControlPlaneProcess.start(directory, [0, 0], [...limits, "--drain", String(drainSeconds)]);
  running.push(plane);
  const { stdout } = await runTokenMain("--role", "admin", "--data", directory);
  return { plane, token: stdout.trim(), directory };
}

type Wish = { readonly path: string; readonly method?: string; readonly agent?: Agent };

function open({ plane, token }: Started, { path, method = "GET", agent }: Wish): ClientRequest {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(method === "POST" && { "content-type": "application/json" }),
  };
  return httpRequest(plane.url + path, { method, headers, agent: agent ?? false });
}

async function answerTo(request: ClientRequest) {
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString("utf8") };
}

/** What became of one request, and whether all of it had left before the process was told to stop. */
type Fate = { readonly name: string; readonly sentBefore: boolean; readonly status?: number; readonly fault?: string };

describe("a control plane that is told to stop loses no request", () => {
  test("under load, every request that was sent before is answered, and what was acknowledged is there", async () => {
    const started = await start(3);
    const { plane, token, directory } = started;
    const fates: Fate[] = [];
    const state = { told: false, ended: false };
    const worker = async (id: number): Promise<void> => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let n = 0; !state.ended; n++) {
        const name = `load-${id}-${n}`;
        const isWrite = n % 2 === 0;
        const request = open(started, { path: `${apiBasePath}/ca-sets`, method: isWrite ? "POST" : "GET", agent });
        let sentBefore = false;
        request.once("finish", () => (sentBefore = !state.told));
        request.end(isWrite ? JSON.stringify({ caSetName: name }) : undefined);
        try {
          const { status = 0 } = await answerTo(request);
          fates.push({ name, sentBefore, status });
        } catch (error) {
          fates.push({ name, sentBefore, fault: String(error) });
          // Only once it does not listen any more: nobody else does.
          if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") return;
        }
      }
    };
    const workers = Array.from({ length: 12 }, (_, id) => worker(id));
    await expect.poll(() => fates.length, { timeout: 120_000, interval: 5 }).toBeGreaterThan(100);
    state.told = true;
    const exit = await plane.end("SIGTERM");
    state.ended = true;
    await Promise.all(workers);
    expect(exit).toMatchObject({ code: 0, signal: null });
    expect(fates.filter(({ sentBefore, fault }) => sentBefore && fault !== undefined)).toEqual([]);
    expect(new Set(fates.flatMap(({ sentBefore, status }) => (sentBefore ? [status] : [])))).toEqual(
      new Set([200, 201]),
    );
    // The drain was long enough for the load to go on into it.
    expect(fates.filter(({ sentBefore, status }) => !sentBefore && status === 201).length).toBeGreaterThan(0);
    const acknowledged = fates.filter(({ status }) => status === 201).map(({ name }) => name);
    const again = await start(0, directory);
    const { caSets } = caSetList.parse((await apiClient(again.plane.url, token)("GET", "/ca-sets")).body);
    expect(new Set(caSets.map(({ caSetName }) => caSetName))).toEqual(new Set([...acknowledged, ...unsure(fates)]));
    await again.plane.end("SIGTERM");

    /** Not acknowledged, and there all the same: the answer was lost, which is nobody's promise. */
    function unsure(all: readonly Fate[]): readonly string[] {
      const there = new Set(caSets.map(({ caSetName }) => caSetName));
      return all.flatMap(({ name, fault }) => (fault !== undefined && there.has(name) ? [name] : []));
    }
  });

  test("readiness says no first; what is under way ends well, and connections and streams are closed", async () => {
    const started = await start(10);
    const { plane } = started;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const before = async () => {
      const { status, headers } = await answerTo(open(started, { path: "/readyz", agent }).end());
      return [status, headers.connection];
    };
    await expect.poll(before).toEqual([200, "keep-alive"]);
    const stream = open(started, { path: `${apiBasePath}/events` }).end();
    const [events] = (await once(stream, "response")) as [IncomingMessage];
    const streamEnded = once(events.resume(), "end");
    const half = open(started, { path: `${apiBasePath}/ca-sets`, method: "POST" });
    half.write('{"caSetName":');
    const exited = plane.end("SIGTERM");
    const readiness = async () => answerTo(open(started, { path: "/readyz" }).end());
    await expect.poll(async () => (await readiness()).status, { timeout: 10_000, interval: 20 }).toBe(503);
    const { text } = await readiness();
    expect(JSON.parse(text)).toEqual({ status: "not ready", reasons: ["The process is stopping."], checks: {} });
    // Still served, on the connection of before, which ends with it.
    const served = await answerTo(open(started, { path: `${apiBasePath}/ca-sets`, agent }).end());
    expect([served.status, served.headers.connection]).toEqual([200, "close"]);
    const answered = answerTo(half);
    half.end('"in-two-parts"}');
    const { status, headers } = await answered;
    expect([status, headers.connection]).toEqual([201, "close"]);
    await streamEnded;
    expect(await exited).toMatchObject({ code: 0, signal: null });
  });

  test("a request that is still being sent when it does not listen any more is answered", async () => {
    const started = await start(0);
    const idle = new Agent({ keepAlive: true, maxSockets: 1 });
    await answerTo(open(started, { path: "/healthz", agent: idle }).end());
    const half = open(started, { path: `${apiBasePath}/ca-sets`, method: "POST" });
    half.write('{"caSetName":');
    // The headers have arrived: whatever comes after them was answered.
    await answerTo(open(started, { path: "/healthz" }).end());
    const exited = started.plane.end("SIGTERM");
    const refused = () =>
      answerTo(open(started, { path: "/healthz" }).end()).then(
        () => "answered",
        ({ code }: NodeJS.ErrnoException) => code,
      );
    await expect.poll(refused, { timeout: 120_000, interval: 20 }).toBe("ECONNREFUSED");
    const answered = answerTo(half);
    half.end('"in-two-parts"}');
    expect((await answered).status).toBe(201);
    expect(await exited).toMatchObject({ code: 0, signal: null });
  });

  test("who does not end a request holds nobody up for long", async () => {
    const started = await start(0);
    const half = open(started, { path: `${apiBasePath}/ca-sets`, method: "POST" });
    half.write('{"caSetName":');
    await answerTo(open(started, { path: "/healthz" }).end());
    const lost = once(half, "error");
    expect(await started.plane.end("SIGTERM")).toMatchObject({ code: 0, signal: null });
    await lost;
  });
});
