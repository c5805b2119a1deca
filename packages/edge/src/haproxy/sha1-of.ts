import { hash } from "node:crypto";
import type { Certificate } from "@tcm/core";

/** The fingerprint by which HAProxy lists certificates: upper-case hex. It tells them apart; nothing is trusted for it. */
export function sha1Of({ der }: Certificate): string {
  return hash("sha1", der, "hex").toUpperCase();
}
