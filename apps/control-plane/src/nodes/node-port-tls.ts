import { constants } from "node:crypto";
import type { Clock } from "../operations/actor.ts";
import type { NodeAuthority } from "../keys/node-authorities.ts";
import { issueNodePortCertificate } from "../keys/node-port-certificate.ts";

/** What holds for every connection, also with the next certificate. `ca` is empty and never left out: '' would be the public roots. */
export const nodePortTls = {
  minVersion: "TLSv1.3",
  secureOptions: constants.SSL_OP_NO_TICKET,
  ca: [] as string[],
} as const;

export function isEveryAddress(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

/** By which this machine alone knows the port. */
export function ownNames(address: string): readonly string[] {
  return ["127.0.0.1", "::1", "localhost", ...(isEveryAddress(address) ? [] : [address])];
}

/** Made anew at half its life. */
export function renewedCertificate(authority: NodeAuthority, names: readonly string[], clock: Clock) {
  const issue = () => issueNodePortCertificate(authority, names, clock());
  let issued = issue();
  return {
    isDue: (): boolean => clock() >= issued.renewAt,
    current: (): { readonly cert: string; readonly key: string } => {
      if (clock() >= issued.renewAt) issued = issue();
      return { cert: issued.cert, key: issued.key };
    },
  };
}
