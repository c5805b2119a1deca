import { signingKey, signingKeyList, nodeIdentity, type ControlPlaneMessage } from "@tcm/api-contract";
import { judgeKey, type KeyRing, networks, signedBytes, takeSuccessor } from "@tcm/core";
import { verifyEd25519 } from "@tcm/node-crypto";
import { testPki } from "@tcm/testkit";
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { openAuditKey } from "../../audit/audit-key.ts";
import { verifyAudit } from "../../audit/verify-audit.ts";
import { existingOperatorKey } from "../../keys/operator-key.ts";
import { openSigningKeys } from "../../keys/signing-keys.ts";
import { keySuccession } from "../../keys/succeed-key.ts";
import { ControlPlaneHarness } from "../../testing/control-plane-harness.ts";
import { admin } from "../../testing/deployment-harness.ts";
import type { FakeNode } from "../../testing/fake-node.ts";
import { rotateSigningKey } from "./rotate-signing-key.ts";

const pki = testPki();
const [a, b] = [pki.root("A"), pki.root("B")];
const on = "STAGING" as const;

async function start(options: Parameters<typeof ControlPlaneHarness.start>[0] = {}): Promise<ControlPlaneHarness> {
  const plane = await ControlPlaneHarness.start(options);
  onTestFinished(() => plane.remove());
  return plane;
}

const rotate = async (plane: ControlPlaneHarness) => {
  const answer = await plane.ask("POST", "/signing-keys/rotate", { body: { network: on } });
  expect(answer.status).toBe(201);
  return signingKey.parse(answer.body);
};

const listed = async (plane: ControlPlaneHarness) =>
  (await plane.get(signingKeyList, "/signing-keys")).signingKeys.filter(({ network }) => network === on);

/** What a node with the identity of its enrolment makes of everything that it was told, in order. */
function believe(plane: ControlPlaneHarness, messages: readonly ControlPlaneMessage[]) {
  const file = plane.controlPlane.identities[on] ?? "";
  const { signingKeys } = nodeIdentity.parse(JSON.parse(readFileSync(file, "utf8")));
  let ring: KeyRing = { network: on, pinned: signingKeys, successors: [] };
  const verdicts: string[] = [];
  const crypto = {
    keyIdOf: (spki: string) => hash("sha256", Buffer.from(spki, "base64")).slice(0, 16),
    verify: ({ spki }: { readonly spki: string }, data: Uint8Array, signature: string) =>
      verifyEd25519(Buffer.from(spki, "base64"), data, Buffer.from(signature, "base64")),
  };
  for (const message of messages) {
    if (message.type === "key-successors")
      for (const said of message.successors) {
        const decision = takeSuccessor(ring, said, crypto);
        if (decision.take === "accept") ring = decision.ring;
        if (decision.take === "reject") verdicts.push(decision.detail);
      }
    if (message.type !== "announce") continue;
    for (const { entry, keyId, nodeId, signature } of message.entries) {
      const key = [...ring.pinned, ...ring.successors.map(({ successor }) => successor)].find((k) => k.keyId === keyId);
      const isGood = key !== undefined && crypto.verify(key, signedBytes(entry, nodeId), signature);
      verdicts.push(isGood ? judgeKey(ring, keyId, entry.generation, "announced") : "not signed");
    }
  }
  return { verdicts, ring };
}

const keyIds = (node: FakeNode) => node.announced.map(({ keyId }) => keyId);

describe("a network gets another signing key", () => {
  test("which the one in use signs: connected nodes are told first, and everything is signed again", async () => {
    const plane = await start();
    const [node] = await plane.connectLocalNodes();
    const id = await plane.createVersion([a]);
    await plane.activateOnBoth(id);
    const [before] = await listed(plane);
    const fresh = await rotate(plane);
    await node?.until(() => keyIds(node).includes(fresh.keyId));
    await plane.createVersion([b], {}, id);
    await plane.ended(await plane.activate(id, 2, on));
    const { verdicts, ring } = believe(plane, node?.messages ?? []);
    expect(new Set(verdicts)).toEqual(new Set(["usable"]));
    expect(ring.successors.map(({ keyId, successor }) => [keyId, successor.keyId])).toEqual([
      [before?.keyId, fresh.keyId],
    ]);
    expect(await listed(plane)).toMatchObject([
      { keyId: fresh.keyId, status: "IN_USE", retiredDate: null },
      { keyId: before?.keyId, status: "RETIRED", successorKeyId: fresh.keyId, retiredBy: "token-1" },
    ]);
  });

  test("a node that was away during two of them follows from the key that it pinned", async () => {
    const plane = await start();
    const id = await plane.createVersion([a]);
    await plane.activate(id, 1, on);
    await rotate(plane);
    const last = await rotate(plane);
    const node = await plane.connect(plane.localNode(on));
    const { verdicts, ring } = believe(plane, node.messages);
    expect(verdicts).toEqual(["usable"]);
    expect(ring.successors).toHaveLength(2);
    expect(keyIds(node)).toEqual([last.keyId]);
  });

  test("the other network keeps its own", async () => {
    const plane = await start();
    const before = await plane.get(signingKeyList, "/signing-keys");
    await rotate(plane);
    const after = await plane.get(signingKeyList, "/signing-keys");
    const production = (list: typeof before) => list.signingKeys.filter(({ network }) => network === "PRODUCTION");
    expect(production(after)).toEqual(production(before));
  });

  test("a network that never had another says nothing of it: older nodes would not understand", async () => {
    const plane = await start();
    const nodes = await plane.connectLocalNodes();
    for (const { messages } of nodes) expect(messages.some(({ type }) => type === "key-successors")).toBe(false);
  });

  test("is on the audit record, with both keys and no secret", async () => {
    const plane = await start();
    const [before] = await listed(plane);
    const fresh = await rotate(plane);
    const { db } = plane.controlPlane.context.store;
    const rows = await db.selectFrom("audit_records").selectAll().where("action", "=", "ROTATE_SIGNING_KEY").execute();
    expect(rows.map(({ by, subject, outcome }) => [by, JSON.parse(subject), outcome])).toEqual([
      [
        expect.any(String),
        expect.objectContaining({ network: on, keyId: before?.keyId, successorKeyId: fresh.keyId }),
        "done",
      ],
    ]);
    const operator = existingOperatorKey(plane.directory);
    const key = await openAuditKey(plane.controlPlane.context.store, operator);
    expect((await verifyAudit(db, key)).faults).toEqual([]);
  });

  test("is asked of an administrator alone", async () => {
    const plane = await start();
    const asViewer = await plane.ask("POST", "/signing-keys/rotate", { body: { network: on }, token: plane.viewer });
    expect(asViewer.status).toBe(403);
    expect(await listed(plane)).toHaveLength(1);
  });
});

describe("private keys at rest", () => {
  test("the new one is sealed under the operator key, and the retired one is gone", async () => {
    const plane = await start();
    const { store } = plane.controlPlane.context;
    await rotate(plane);
    const rows = await store.db.selectFrom("signing_keys").selectAll().where("network", "=", on).execute();
    const [retired, inUse] = rows.toSorted((x, y) => Number(x.retired_at === null) - Number(y.retired_at === null));
    expect(retired?.private_key_sealed).toBe("");
    expect(inUse?.private_key_sealed).toMatch(/^v1\./);
    const operator = existingOperatorKey(plane.directory);
    const der = operator.open(inUse?.private_key_sealed ?? "", `signing-key ${on} ${inUse?.key_id}`);
    expect(plane.everythingWritten).not.toContain(Buffer.from(der).toString("base64"));
    expect(plane.everythingWritten).not.toContain(Buffer.from(der).toString("latin1"));
  });
});

describe("a rotation and bad luck", () => {
  test("a process that dies in it leaves the old key in use, and nodes hear nothing", async () => {
    const plane = await start();
    const { context, identity } = plane.controlPlane;
    const node = await plane.connect(plane.localNode(on));
    const before = await listed(plane);
    const transaction: typeof context.store.transaction = (work) =>
      context.store.transaction(async (queries) => {
        await work(queries);
        throw new Error("the process died");
      });
    const dying = {
      ...context,
      succeedKey: keySuccession(identity.operatorKey),
      store: { ...context.store, transaction },
    };
    await expect(rotateSigningKey(dying, admin, on)).rejects.toThrow("the process died");
    expect(await listed(plane)).toEqual(before);
    const id = await plane.createVersion([a]);
    await plane.ended(await plane.activate(id, 1, on));
    expect(new Set(believe(plane, node.messages).verdicts)).toEqual(new Set(["usable"]));
    expect(node.messages.some(({ type }) => type === "key-successors")).toBe(false);
  });

  test("one that died before it told anybody is taken up by the next process", async () => {
    const plane = await start();
    const id = await plane.createVersion([a]);
    await plane.activate(id, 1, on);
    const { context, identity } = plane.controlPlane;
    const fleet = { ...context.fleet, announce: () => undefined };
    const fresh = await rotateSigningKey(
      { ...context, fleet, succeedKey: keySuccession(identity.operatorKey) },
      admin,
      on,
    );
    await plane.stop();
    const next = await start({ directory: plane.directory });
    const node = await next.connect(next.localNode(on));
    expect(keyIds(node)).toEqual([fresh.keyId]);
    expect(believe(next, node.messages).verdicts).toEqual(["usable"]);
  });

  test("of two at once the second continues the first", async () => {
    const plane = await start();
    await Promise.all([rotate(plane), rotate(plane)]);
    const keys = await listed(plane);
    expect(keys.filter(({ status }) => status === "IN_USE")).toHaveLength(1);
    expect(keys).toHaveLength(3);
    const node = await plane.connect(plane.localNode(on));
    expect(believe(plane, node.messages).ring.successors).toHaveLength(2);
  });

  test("another process on the store signs with the new key from its next look on", async () => {
    const plane = await start();
    const { store, clock } = plane.controlPlane.context;
    const other = await openSigningKeys(store, existingOperatorKey(plane.directory), clock);
    const fresh = await rotate(plane);
    for (const network of networks) await other.refresh(network);
    expect(other[on].keyId).toBe(fresh.keyId);
    expect(other.successors(on)).toHaveLength(1);
  });
});
