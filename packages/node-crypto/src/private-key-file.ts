import { statSync } from "node:fs";

/**
 * Whether others than its owner can read or change a file with a private key, or its owner is neither root nor the user of this process.
 * As PostgreSQL holds it with `ssl_key_file` (https://www.postgresql.org/docs/current/ssl-tcp.html): a group may read it where root owns
 * it, which is how systems hand one key to a few programs, as with Debian's group `ssl-cert` and `fsGroup` of Kubernetes. Throws where
 * there is no such file.
 */
export function isOpenToOthers(file: string): boolean {
  return othersMayUse(statSync(file), process.geteuid?.());
}

export function othersMayUse(
  { mode, uid }: { readonly mode: number; readonly uid: number },
  ownUid: number | undefined,
): boolean {
  if (uid === 0) return (mode & 0o037) !== 0;
  // Windows has no such users.
  const isOwn = ownUid === undefined || uid === ownUid;
  return !isOwn || (mode & 0o077) !== 0;
}

/** In a sentence about the file. */
export const openToOthers =
  "can be read or changed by others. Take their rights away with chmod 600, or with chown where its owner is neither root nor the user of this process, and consider the key exposed: a new one is better";
