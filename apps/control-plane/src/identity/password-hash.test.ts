import { argon2Sync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./password-hash.ts";

describe("passwords are hashed with argon2id", () => {
  test("the same password fits, another does not, and two hashes of it differ", async () => {
    const [one = "", two = ""] = await Promise.all([
      hashPassword("four words in here"),
      hashPassword("four words in here"),
    ]);
    expect(one).not.toBe(two);
    expect(await verifyPassword("four words in here", one)).toBe(true);
    expect(await verifyPassword("four words in her", one)).toBe(false);
    expect(await verifyPassword("", one)).toBe(false);
  });

  test("a password typed on another keyboard is the same (NFKC)", async () => {
    const composed = (await hashPassword("caf\u00e9 caf\u00e9 caf\u00e9")) ?? "";
    expect(await verifyPassword("cafe\u0301 cafe\u0301 cafe\u0301", composed)).toBe(true);
  });

  test("nothing fits where there is no hash, or none that can be read", async () => {
    const zero = `$argon2id$v=19$m=19456,t=2,p=1$${"A".repeat(22)}$${"A".repeat(43)}`;
    for (const stored of [null, "", "four words in here", "$2b$10$abc", zero])
      expect(await verifyPassword("four words in here", stored)).toBe(false);
  });

  test("a hash of other parameters is verified by its own", async () => {
    const weaker = "$argon2id$v=19$m=8192,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$";
    const salt = Buffer.from("saltsaltsaltsalt");
    const cost = { memory: 8_192, passes: 1, parallelism: 1, tagLength: 32 };
    const key = argon2Sync("argon2id", { ...cost, message: "older", nonce: salt })
      .toString("base64")
      .replace(/=+$/, "");
    expect(await verifyPassword("older", weaker + key)).toBe(true);
    expect(await verifyPassword("newer", weaker + key)).toBe(false);
  });

  test("two at a time, sixteen wait, and more are turned away at once", async () => {
    const started = Array.from({ length: 20 }, () => hashPassword("four words in here"));
    const hashes = await Promise.all(started);
    expect(hashes.slice(0, 18).every((hash) => hash !== undefined)).toBe(true);
    expect(hashes.slice(18)).toEqual([undefined, undefined]);
    expect(await hashPassword("afterwards")).toBeDefined();
  });
});
