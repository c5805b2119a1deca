import { createServer } from "node:http";
import { ApiProblem, type Client, openClient } from "@tcm/api-contract";
import { freePorts, testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";

const root = testPki().root("Client Root");

let plane: ControlPlaneHarness;
let client: Client;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  await plane.connectLocalNodes();
  client = openClient({
    url: plane.controlPlane.url,
    authorize: () => ({ authorization: `Bearer ${plane.admin}` }),
  });
});
afterAll(() => plane.remove());

/** A server that says what it is told to. */
async function answering(status: number, body: string): Promise<Client> {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return openClient({ url: `http://127.0.0.1:${port}`, authorize: () => ({}) });
}

describe("the typed client", () => {
  test("goes the whole way by the names of endpoints, with bodies, queries, tags, links and dates", async () => {
    const created = await client.send("createCaSet", { body: { caSetName: "typed-client" } });
    const { caSetId } = created.body;
    expect([created.status, created.location]).toEqual([201, created.body.caSetLink]);
    const certificates = [{ certificatePem: root.pem }];
    const version = await client.send("createVersion", { params: { caSetId }, body: { certificates } });
    const { etag = "" } = version;
    const one = { caSetId, version: version.body.version };
    const body = { certificates, description: "changed" };
    const changed = await client.call("replaceVersion", { params: one, body, ifMatch: etag });
    expect(changed.description).toBe("changed");
    const begun = await client.call("activateVersion", { params: one, body: { network: "STAGING" } });
    const activation = { ...one, activationId: begun.activationId };
    const { retryAfter, status } = await client.send("getActivation", { params: activation });
    expect(status === 200 ? retryAfter : retryAfter?.getTime()).toEqual(
      status === 200 ? undefined : expect.any(Number),
    );
    await plane.ended(begun);
    const list = await client.call("listVersions", { params: { caSetId }, query: { includeCertificates: true } });
    expect(list.versions[0]?.certificates?.[0]?.fingerprint).toBe(root.fingerprint);
    expect(await client.call("getBundle", { params: one })).toBe(root.pem);
    const verdict = await client.call("verifyAgainstNetwork", {
      params: { caSetId },
      query: { network: "STAGING" },
      body: { clientChainPem: root.leaf("typed").pem },
    });
    expect(verdict.verdict).toBe("accepted");
    expect((await client.call("listCaSets")).caSets.map(({ caSetName }) => caSetName)).toContain("typed-client");
    await client
      .call("deactivateVersion", { params: one, body: { network: "STAGING" } })
      .then((off) => plane.ended(off));
    expect(await client.call("deleteCaSet", { params: { caSetId } })).toBeUndefined();
  });

  test("throws the problem that the server answered", async () => {
    const refused = client.call("getCaSet", { params: { caSetId: "999999" } });
    await expect(refused).rejects.toBeInstanceOf(ApiProblem);
    await expect(refused).rejects.toMatchObject({ code: "ca-set-not-found", problem: { status: 404 } });
  });

  test("keeps a path in its place whatever the parameter is", async () => {
    const refused = client.call("getEdgeNode", { params: { nodeId: "../ca-sets?x=1#" } });
    await expect(refused).rejects.toMatchObject({ code: "edge-node-not-found" });
  });

  test.each([
    [200, "<html>another program</html>"],
    [200, '{"caSets":[{"caSetId":7}]}'],
    [302, ""],
    [500, "Internal Server Error"],
    [418, "{}"],
  ])("tells an answer of something else: %i %s", async (status, body) => {
    const stranger = await answering(status, body);
    await expect(stranger.call("listCaSets")).rejects.toMatchObject({ name: "NoAnswer", kind: "foreign" });
  });

  test("tells that nobody is there", async () => {
    const [port] = await freePorts(1);
    const nobody = openClient({ url: `http://127.0.0.1:${port}`, authorize: () => ({}) });
    await expect(nobody.call("listCaSets")).rejects.toMatchObject({ kind: "unreachable" });
  });

  test("tells a server that does not answer in time", async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => server.closeAllConnections());
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const slow = openClient({ url: `http://127.0.0.1:${port}`, authorize: () => ({}), timeoutMs: 50 });
    await expect(slow.call("listCaSets")).rejects.toMatchObject({ kind: "timeout" });
  });

  test("ends a request when it is not wanted any more", async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(client.call("listCaSets", { signal: stop.signal })).rejects.toMatchObject({ name: "AbortError" });
  });

  test("reads events from where it was", async () => {
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const events = client.events({ signal: stop.signal });
    const first = await events.next();
    expect(first.value).toMatchObject({ event: { type: "ready" } });
    const { caSetId } = await client.call("createCaSet", { body: { caSetName: "typed-events" } });
    const second = await events.next();
    expect(second.value).toMatchObject({ event: { type: "ca-set", caSetId, activity: "CREATE_CA_SET" } });
    const again = client.events({ after: (first.value as { id: string }).id, signal: stop.signal });
    await again.next();
    expect((await again.next()).value).toEqual(second.value);
    stop.abort();
    expect((await again.next()).done).toBe(true);
  });

  test("is told by types what an endpoint takes and gives", () => {
    const unused = (typed: Client) => [
      // @ts-expect-error a parameter of the path is missing
      () => typed.call("getCaSet"),
      // @ts-expect-error no such query parameter
      () => typed.call("listCaSets", { query: { page: 1 } }),
      // @ts-expect-error no such network
      () => typed.call("activateVersion", { params: { caSetId: "1", version: 1 }, body: { network: "TEST" } }),
      // @ts-expect-error no such endpoint
      () => typed.call("explode"),
    ];
    expect(unused(client)).toHaveLength(4);
  });
});
