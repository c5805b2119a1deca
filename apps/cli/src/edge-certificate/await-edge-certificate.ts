import { setTimeout as delay } from "node:timers/promises";
import type { EdgeCertificateView } from "@tcm/api-contract";
import type { ApiClient } from "../client/api-client.ts";

const pollMs = 100;

/** Asks until both networks have ended, or until `until` (milliseconds since 1970); the caller sees which. */
export async function awaitEdgeCertificate(
  client: ApiClient,
  created: EdgeCertificateView,
  until: number,
  now: () => number,
): Promise<EdgeCertificateView> {
  let known = created;
  while ([known.staging, known.production].some(({ status }) => status === "IN_PROGRESS") && now() < until) {
    await delay(pollMs);
    known = await client.call("getEdgeCertificate", { params: created });
  }
  return known;
}
