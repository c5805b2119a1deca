import type { EngineOutcome } from "@tcm/edge";
import { words } from "../start-error.ts";

/** An engine that throws has refused, or has not proved: it answers for itself, and the agent goes on. */
export async function askEngine(
  ask: () => Promise<EngineOutcome>,
  code: "engine-refused" | "proof-failed",
): Promise<EngineOutcome> {
  try {
    return await ask();
  } catch (error) {
    return { ok: false, code, detail: `the engine failed: ${words(error)}` };
  }
}
