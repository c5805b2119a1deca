import type { ProbeAnswer, ProbeVerdict } from "../probe/probe-anchor.ts";

const found = ["certificate signature failure", "certificate has expired", "certificate is not yet valid"];
const notFound = ["unable to verify the first certificate", "unable to get local issuer certificate"];

/** The header of a refusal with `$ssl_client_verify` in it, which render.ts has every listener send (edges.md §1.3). */
export const verifyHeader = "TCM-Client-Verify";

/** nginx ends no handshake for a bad certificate: it answers 400, and says why in the header alone. */
export function readNginxProbe({ errorCode, text }: ProbeAnswer): ProbeVerdict {
  const [, reason] = new RegExp(`^${verifyHeader}: FAILED:(.*?)\\r?$`, "im").exec(text) ?? [];
  if (reason === undefined) {
    return { anchor: "unclear", detail: errorCode ?? `no ${verifyHeader} in ${JSON.stringify(text.slice(0, 60))}` };
  }
  if (found.includes(reason)) return { anchor: "present", detail: reason };
  if (notFound.includes(reason)) return { anchor: "absent", detail: reason };
  return { anchor: "unclear", detail: reason };
}
