import { generateKeyPairSync } from "node:crypto";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { holdsKey, readChain, readPasted } from "./client-chain.ts";

const { pem } = testPki().root("Partner");
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const key = privateKey.export({ type: "pkcs8", format: "pem" });
const bytes = (text: string) => new TextEncoder().encode(text);

describe("what is handed in of a client", () => {
  test("is its certificates, from as many files as there are", () => {
    const { pem: chain, refused } = readChain([
      { name: "client.pem", bytes: bytes(pem) },
      { name: "ca.pem", bytes: bytes(`text before\n${pem}`) },
    ]);
    expect(chain.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(refused).toEqual([]);
  });

  test("is nothing when a private key is with it", () => {
    const { pem: chain, refused } = readPasted(`${pem}\n${key}`);
    expect(chain).toBe("");
    expect(refused.join()).toContain("this is a private key");
    expect(refused.join()).not.toContain(key.split("\n")[1]);
    expect([holdsKey(key), holdsKey(pem)]).toEqual([true, false]);
  });

  test("is refused in words when there is no certificate, or far too much", () => {
    expect(readChain([{ name: "notes.txt", bytes: bytes("hello") }]).refused.join()).toMatch(/notes\.txt/);
    const huge = { name: "disk.img", bytes: new Uint8Array(9 * 1024 * 1024) };
    expect(readChain([huge]).refused.join()).toContain("larger than 8 MiB");
  });
});
