import { statSync } from "node:fs";

/**
 * Whether others than its owner can read or change a file with a private key. As PostgreSQL holds it with `ssl_key_file`
 * (https://www.postgresql.org/docs/current/ssl-tcp.html): a group may read it where root owns it, which is how systems hand one key to a
 * few programs, as with Debian's group `ssl-cert` and `fsGroup` of Kubernetes. Throws where there is no such file.
 */
export function isOpenToOthers(file: string): boolean {
  return hasOpenRights(statSync(file));
}

export function hasOpenRights({ mode, uid }: { readonly mode: number; readonly uid: number }): boolean {
  return (mode & (uid === 0 ? 0o037 : 0o077)) !== 0;
}

/** In a sentence about the file. */
export const openToOthers =
  "can be read or changed by others. Take their rights away with chmod 600, and consider the key exposed: a new one is better";
