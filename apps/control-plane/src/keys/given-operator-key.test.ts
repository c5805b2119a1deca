import { describe, expect, test } from "vitest";
import { StoreError } from "../store/store-error.ts";
import { givenOperatorKey, operatorKeyOfEnvironment } from "./given-operator-key.ts";

const key = Buffer.alloc(32, 7).toString("base64");

/** What it throws, in words. */
function wordsOf(operatorKeyCommand: string): string {
  try {
    givenOperatorKey({ operatorKeyCommand });
  } catch (error) {
    if (error instanceof StoreError) return error.message;
    throw error;
  }
  throw new Error("it was taken");
}

describe("an operator key that is given (spec §10)", () => {
  test("is none where neither a key nor a command is", () => {
    expect(givenOperatorKey({})).toBeUndefined();
    expect(operatorKeyOfEnvironment({ TCM_OPERATOR_KEY: "", TCM_OPERATOR_KEY_COMMAND: "" })).toBeUndefined();
  });

  test("is what the command prints, which sh runs and nobody types for", () => {
    expect(givenOperatorKey({ operatorKeyCommand: `cat; echo ${key} | tr -d x` })?.trim()).toBe(key);
    expect(operatorKeyOfEnvironment({ TCM_OPERATOR_KEY_COMMAND: `printf ${key}` })).toBe(key);
    expect(operatorKeyOfEnvironment({ TCM_OPERATOR_KEY: key, TCM_OPERATOR_KEY_COMMAND: "false" })).toBe(key);
  });

  test("is not taken from a command that fails, and what that printed is not shown", () => {
    const words = wordsOf(`echo ${key}; exit 3`);
    expect(words).toContain("ended with 3");
    expect(words).not.toContain(key);
    expect(wordsOf("tcm-no-such-command 2>/dev/null")).toContain("ended with 127");
    expect(wordsOf("kill -9 $$")).toContain("ended with");
    expect(wordsOf("yes hunter2")).not.toContain("hunter2");
  });

  test.each(["true", "echo hunter2", "printf %s AAAA"])("is not what is no key: %s", (command) => {
    expect(wordsOf(command)).toMatch(/printed something that is not a key of 32 bytes/);
    expect(wordsOf(command)).not.toMatch(/hunter2|AAAA/);
  });
});
