import { tokenMain } from "@tcm/control-plane";
import { runStoreProgram, type StoreLocation } from "./run-store-program.ts";

/** Beside a running control plane, and without one. */
export function createToken(store: StoreLocation, role: string): Promise<string> {
  return runStoreProgram(tokenMain, store, ["--role", role]);
}
