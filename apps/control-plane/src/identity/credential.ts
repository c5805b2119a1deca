import type { Actor } from "../operations/actor.ts";

/** By what a request shows who sends it. */
export type Credential = {
  readonly kind: "session" | "token" | "api-client";
  readonly actor: Actor;
  /** Of a session alone. */
  readonly userId?: number;
  readonly expiryDate: string | null;
};
