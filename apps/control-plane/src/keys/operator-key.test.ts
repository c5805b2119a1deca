import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { verifyEd25519 } from "@tcm/node-crypto";
import { fixedClock, temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { openMemoryStore } from "../store/open-store.ts";
import { openOperatorKey, operatorKey } from "./operator-key.ts";
import { openSigningKeys } from "./signing-keys.ts";

const unusable = expect.objectContaining({ name: "StoreError", code: "operator-key-unusable" }) as Error;

describe("the operator key", () => {
  test("is made once, of mode 0600, and read from then on", () => {
    const directory = temporaryDirectory();
    const sealed = openOperatorKey(directory).seal(Buffer.from("secret"), "test");
    const file = join(directory, "operator.key");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(["operator.key"]);
    const before = readFileSync(file);
    expect(Buffer.from(openOperatorKey(directory).open(sealed, "test")).toString()).toBe("secret");
    expect(readFileSync(file)).toEqual(before);
  });

  test.each([0o644, 0o640, 0o604, 0o660])("is refused when others may use it: %o", (mode) => {
    const directory = temporaryDirectory();
    openOperatorKey(directory);
    chmodSync(join(directory, "operator.key"), mode);
    expect(() => openOperatorKey(directory)).toThrow(unusable);
  });

  test.each([
    "",
    "short",
    Buffer.alloc(31).toString("base64"),
    Buffer.alloc(33).toString("base64"),
  ])("is refused when it is %j", (content) => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "operator.key"), content, { mode: 0o600 });
    expect(() => openOperatorKey(directory)).toThrow(unusable);
    expect(() => openOperatorKey(directory, content)).toThrow(unusable);
  });

  test("seals so that the same secret never looks the same, and the secret is not in it", () => {
    const key = operatorKey(randomBytes(32));
    const secret = randomBytes(48);
    const sealed = [key.seal(secret, "p"), key.seal(secret, "p")];
    expect(sealed[0]).not.toBe(sealed[1]);
    for (const text of sealed) expect(text).not.toContain(secret.toString("base64").slice(0, 20));
  });

  test("opens only what it sealed itself, for the same purpose, unchanged to the last bit", () => {
    const key = operatorKey(randomBytes(32));
    const sealed = key.seal(Buffer.from("secret"), "signing-key STAGING");
    expect(() => key.open(sealed, "signing-key PRODUCTION")).toThrow();
    expect(() => operatorKey(randomBytes(32)).open(sealed, "signing-key STAGING")).toThrow();
    expect(() => key.open(sealed.replace("v1.", "v2."), "signing-key STAGING")).toThrow();
    const bytes = Buffer.from(sealed.slice(3), "base64");
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(() => key.open(`v1.${changed.toString("base64")}`, "signing-key STAGING"), `byte ${i}`).toThrow();
    }
    for (const length of [0, 11, 12, 27, bytes.length - 1])
      expect(() => key.open(`v1.${bytes.subarray(0, length).toString("base64")}`, "signing-key STAGING")).toThrow();
  });
});

describe("the keys that sign for the nodes", () => {
  const clock = fixedClock().now;

  test("are made once, differ by network, and stay over restarts", async () => {
    const store = await openMemoryStore();
    const operator = operatorKey(randomBytes(32));
    const [first, again] = [
      await openSigningKeys(store, operator, clock),
      await openSigningKeys(store, operator, clock),
    ];
    expect(first.STAGING.keyId).not.toBe(first.PRODUCTION.keyId);
    expect([again.STAGING.spki, again.PRODUCTION.spki]).toEqual([first.STAGING.spki, first.PRODUCTION.spki]);
    const data = Buffer.from("content");
    const signature = Buffer.from(again.STAGING.sign(data), "base64");
    expect(verifyEd25519(Buffer.from(first.STAGING.spki, "base64"), data, signature)).toBe(true);
    expect(verifyEd25519(Buffer.from(first.PRODUCTION.spki, "base64"), data, signature)).toBe(false);
    await store.close();
  });

  test("another operator key, and a sealed key moved to the other network, are refused clearly", async () => {
    const store = await openMemoryStore();
    const operator = operatorKey(randomBytes(32));
    await openSigningKeys(store, operator, clock);
    await expect(openSigningKeys(store, operatorKey(randomBytes(32)), clock)).rejects.toThrow(unusable);
    const rows = await store.db.selectFrom("signing_keys").selectAll().execute();
    const sealedOf = (network: string) => rows.find((row) => row.network === network)?.private_key_sealed ?? "";
    const moved = { private_key_sealed: sealedOf("STAGING") };
    await store.db.updateTable("signing_keys").set(moved).where("network", "=", "PRODUCTION").execute();
    await expect(openSigningKeys(store, operator, clock)).rejects.toThrow(unusable);
    await store.close();
  });
});
