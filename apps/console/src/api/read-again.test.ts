import { controlPlaneEvent } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { readAgain } from "./read-again.ts";

describe("an event says what to read again", () => {
  test("everything after a reset, nothing when the stream begins", () => {
    expect(readAgain({ type: "reset" })).toBeUndefined();
    expect(readAgain({ type: "ready" })).toEqual([]);
  });

  test("an activation changes sets, versions and its own nodes", () => {
    const event = controlPlaneEvent.parse({
      type: "activation",
      activationId: 1,
      activationLink: "/a",
      activationStatus: "COMPLETE",
      caSetId: "1",
      version: 1,
      network: "STAGING",
    });
    expect(readAgain(event)).toEqual(expect.arrayContaining(["listCaSets", "getVersion", "listActivationNodes"]));
  });
});
