import { problemBody } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { proxyKinds } from "./proxy-kinds.ts";
import { ProxyNetwork } from "./proxy-network.ts";

const pki = testPki({ now: new Date() });
const root = pki.root("Short Root");
const client = root.leaf("client");
/** 248 bytes of name each: 300 of them, as many as a set may have, take 74 kB, and as many as the issue asks for are 600. */
const wordy = Array.from({ length: 600 }, (_, i) => pki.root(`Wordy ${i}`, { subject: longName(i) }));

function longName(i: number) {
  return { O: "o".repeat(64), OU: "u".repeat(64), L: "l".repeat(64), CN: `${"c".repeat(40)}${i}` };
}

/** One is told so by its agent's configuration; of the other the configuration itself says it. */
const wanted = proxyKinds
  .filter(({ nodeId }) => nodeId !== "haproxy-26")
  .map((kind) => ({
    kind,
    ...(kind.engine === "haproxy" ? { options: ["--send-ca-names"] } : { configure: withNames }),
  }));

function withNames(text: string): string {
  return text.replace(/ssl_client_certificate [^;]+no-names[^;]*;/, (line) => line.replace(/\S+;$/, trustFileOf(text)));
}

function trustFileOf(text: string): string {
  return /ssl_trusted_certificate (\S+;)/.exec(text)?.[1] ?? "";
}

if (wanted.length === 0) console.warn("CA names of real listeners: skipped, neither HAProxy 3 nor nginx is installed");

describe.skipIf(wanted.length === 0)("a set whose names no handshake can carry, with listeners that send them", () => {
  let network: ProxyNetwork;
  beforeAll(async () => {
    network = await ProxyNetwork.start([root], wanted);
  }, 300_000);
  afterAll(() => network.remove());

  const create = (certificates: readonly { readonly pem: string }[]) =>
    network.instance.request("POST", `/ca-sets/${network.caSetId}/versions`, {
      requireRootCertificate: false,
      certificates: certificates.map(({ pem }) => ({ certificatePem: pem })),
    });

  test("600 of them are no version at all, and the 300 of one are refused before any node hears of them", async () => {
    expect((await create(wordy)).status).toBe(422);
    expect((await create(wordy.slice(0, 300))).status).toBe(201);
    const path = `/ca-sets/${network.caSetId}/versions/2/activate`;
    const refused = await network.instance.ask(problemBody, 400, "POST", path, { network: "STAGING" });
    const errors = refused["errors"] as readonly { readonly type: string; readonly detail: string }[];
    expect(errors.map(({ type }) => type.split("/").at(-1))).toEqual(["ca-list-too-large"]);
    for (const { kind } of wanted) expect(errors[0]?.detail).toContain(`node ${kind.nodeId}`);
    expect(await network.letIn(client)).toEqual(network.everywhere(true));
  });

  test("and one that fits goes out to all of them, names and all", async () => {
    const { activation, said } = await network.deployNew([root, ...wordy.slice(0, 200)]);
    expect(activation, JSON.stringify(said)).toMatchObject({ activationStatus: "COMPLETE" });
    expect(await network.letIn(client)).toEqual(network.everywhere(true));
  });
});
