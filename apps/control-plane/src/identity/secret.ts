import { hash, randomBytes } from "node:crypto";

/** 256 random bits for a header, a cookie or a link: 43 characters. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** What the store keeps of it. Of 256 random bits nothing is guessed, so that one round of SHA-256 is enough. */
export function hashSecret(secret: string): string {
  return hash("sha256", secret);
}
