import type { UnixMillis } from "@tcm/core";

/** Enrolments that the store did not know a moment ago. What is void stays void, so that to ask again finds out nothing. */
export type UnknownEnrolments = {
  has(enrolmentId: string, now: UnixMillis): boolean;
  add(enrolmentId: string, now: UnixMillis): void;
};

/** Not for good: a backup may bring a node back. */
const rememberedMs = 60_000;
const mostRemembered = 10_000;

export function openUnknownEnrolments(): UnknownEnrolments {
  const until = new Map<string, UnixMillis>();
  return {
    has: (enrolmentId, now) => now < (until.get(enrolmentId) ?? now),
    add: (enrolmentId, now) => {
      // Each of them is a certificate that we made ourselves: there are not many.
      if (until.size >= mostRemembered) until.clear();
      until.set(enrolmentId, now + rememberedMs);
    },
  };
}
