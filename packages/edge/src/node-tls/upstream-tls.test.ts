import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { binding, caSet, openTestEdge, pki, send } from "./edge-under-test.ts";

const root = pki.root("Partner Root");
const client = root.leaf("client-1");

/** An edge in front of a TLS server, on a machine that trusts the "Internal Root". The server answers with the Host it got. */
async function openTlsProxy(host: string, { issuer, name }: { readonly issuer: string; readonly name: string }) {
  const known = pki.root("Internal Root");
  const trusted = getCACertificates("default");
  setDefaultCACertificates([...trusted, known.pem]);
  onTestFinished(() => setDefaultCACertificates(trusted));
  const { pem, privateKeyPem } = (issuer === "Internal Root" ? known : pki.root(issuer)).server(name);
  const serverNames: (string | false | null)[] = [];
  const server = createServer({ cert: pem, key: privateKeyPem }, ({ headers }, response) => response.end(headers.host));
  server.on("secureConnection", ({ servername }) => serverNames.push(servername));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const upstream = new URL(`https://${host}:${(server.address() as AddressInfo).port}`);
  const edge = await openTestEdge({ upstreams: new Map([["shop.example", upstream]]) });
  await edge.deploy(caSet([root]));
  await edge.deploy(binding(["shop.example"]));
  return { edge, serverNames };
}

describe("an upstream may speak TLS, and is checked by the name of its origin", () => {
  test.each([
    ["nobody knows its CA", "Unknown Root", "localhost", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ["it is for the name that the client asked for", "Internal Root", "shop.example", "ERR_TLS_CERT_ALTNAME_INVALID"],
  ])("its certificate is refused when %s", async (_why, issuer, name, code) => {
    const { edge } = await openTlsProxy("localhost", { issuer, name });
    expect(await send(edge, { client })).toMatchObject({ status: 502, json: { code: "upstream-unreachable" } });
    expect(edge.logged).toMatchObject([{ fields: { code } }]);
  });

  test("its certificate is checked where the environment has Node check none", async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    onTestFinished(() => void vi.unstubAllEnvs());
    const { edge } = await openTlsProxy("localhost", { issuer: "Unknown Root", name: "localhost" });
    expect(await send(edge, { client })).toMatchObject({ status: 502 });
  });

  test.each([
    ["localhost", "localhost"],
    // By the address in the certificate; there is no SNI for one.
    ["127.0.0.1", false],
  ])("its certificate names the origin, as its SNI does: %s", async (host, sni) => {
    const { edge, serverNames } = await openTlsProxy(host, { issuer: "Internal Root", name: "localhost" });
    expect(await send(edge, { client })).toMatchObject({ status: 200, body: "shop.example" });
    expect(serverNames).toEqual([sni]);
  });
});
