import { readFileSync } from "node:fs";
import { join } from "node:path";
import { edgeNode, signingKey } from "@tcm/api-contract";
import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Instance, poll } from "./instance.ts";
import { askWithCurl } from "./openssl-client.ts";
import { type OpensslCertificate, opensslClient, opensslRoot } from "./openssl-pki.ts";

const network = "STAGING" as const;

describe("a signing key is rotated under real edges, which never stop serving", () => {
  const files = createTemporaryDirectory();
  let instance: Instance;
  let roots: readonly OpensslCertificate[];
  let client: OpensslCertificate;
  let id: string;

  beforeAll(async () => {
    [instance, roots] = await Promise.all([
      Instance.start(),
      Promise.all(["one", "two", "three"].map((name) => opensslRoot(files, `rotation-${name}`))),
    ]);
    client = await opensslClient(files, "client-rotation", first());
    id = await instance.createSet("rotation", [first().pem]);
    await instance.deploy(id, 1, [network]);
  });

  afterAll(async () => {
    await instance.remove();
    removeDirectory(files);
  });

  const first = (): OpensslCertificate => {
    const [root] = roots;
    if (root === undefined) throw new Error("no root");
    return root;
  };

  const isServed = async (): Promise<true | undefined> => {
    const hostname = `ca-set-${id}.tcm.internal`;
    const { status } = await askWithCurl({ instance, network, hostname, client });
    return status === 200 ? true : undefined;
  };

  const rotate = async (): Promise<string> => {
    const said = await instance.tcm("signing-keys", "rotate", "--network", "staging", "--json");
    return signingKey.parse(JSON.parse(said)).keyId;
  };

  const keptKeys = (): readonly string[] => {
    const file = join(instance.directory, "edges/staging/key-successors.json");
    const { successors } = JSON.parse(readFileSync(file, "utf8")) as {
      readonly successors: readonly { readonly successor: { readonly keyId: string } }[];
    };
    return successors.map(({ successor }) => successor.keyId);
  };

  test("while they are connected, and the next deployment is proved under the new key", async () => {
    const keyId = await rotate();
    await poll(120_000, "the new key at the edge", async () => (keptKeys().includes(keyId) ? true : undefined));
    await instance.createVersion(
      id,
      roots.slice(0, 2).map(({ pem }) => pem),
    );
    await instance.deploy(id, 2, [network]);
    expect(await isServed()).toBe(true);
    expect(await instance.tcm("signing-keys", "list")).toContain(keyId);
  });

  test("while one is stopped, twice; and when it goes on it follows both", async () => {
    const { staging } = instance.processIds();
    process.kill(staging, "SIGSTOP");
    const [second, third] = [await rotate(), await rotate()];
    process.kill(staging, "SIGCONT");
    await poll(120_000, "both keys at the edge", async () => (keptKeys().includes(third) ? true : undefined));
    expect(keptKeys()).toContain(second);
    await instance.createVersion(
      id,
      roots.map(({ pem }) => pem),
    );
    await instance.tcm("deploy", "rotation@3", "--network", "staging", "--one-node-first", "--observe", "0", "--wait");
    expect(await isServed()).toBe(true);
  });

  test("and what they kept from before is served after a restart of everything", async () => {
    await instance.stop();
    await instance.start();
    await poll(120_000, "the edge again", isServed);
    const node = await poll(120_000, "no drift", async () => {
      const view = await instance.ask(edgeNode, 200, "GET", "/edge-nodes/staging-edge");
      return view.isDrifted ? undefined : view;
    });
    expect(node.entries.map(({ state }) => state)).toEqual(["verified"]);
  });
});
