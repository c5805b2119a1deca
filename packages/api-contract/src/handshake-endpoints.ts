import type { Endpoint } from "./endpoint.ts";
import { handshakeSummary, seenClientList } from "./handshake-schema.ts";

const problems = ["ca-set-not-found", "missing-required-query-parameter"] as const;

/** What edges saw. */
export const handshakeEndpoints = {
  getHandshakes: {
    method: "GET",
    path: "/ca-sets/{caSetId}/handshakes",
    summary: "Read how handshakes with a CA set ended",
    description:
      "By anchor, by reason and over time, on one network. Without `start` and `end`: the last 24 hours. With `anchor` the counts are of that one alone.",
    query: ["network", "start", "end", "bucket", "anchor"],
    answers: { 200: handshakeSummary },
    problems,
  },
  listSeenClients: {
    method: "GET",
    path: "/ca-sets/{caSetId}/clients",
    summary: "List the clients that a CA set let in",
    description:
      "On one network, those seen last first: the SHA-256 of each certificate, its anchor and its expiry. The last 10,000 are kept; 1,000 of them are answered unless `limit` says otherwise.",
    query: ["network", "anchor", "limit"],
    answers: { 200: seenClientList },
    problems,
  },
} as const satisfies Readonly<Record<string, Endpoint>>;
