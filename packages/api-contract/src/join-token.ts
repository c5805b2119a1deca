import { z } from "zod";

/** What an operator carries to a new node, as one text: where the control plane is, how to tell it, and the right to join once. */
export type JoinToken = z.infer<typeof joinToken>;

const joinToken = z.strictObject({
  /** `https://HOST:PORT`, tried in turn. */
  urls: z
    .array(z.string().regex(/^https:\/\/[^\s/?#]{1,270}$/))
    .min(1)
    .max(16),
  /** SHA-256 of the CA certificate that the control plane shows, lower-case hex. */
  ca: z.string().regex(/^[0-9a-f]{64}$/),
  /** 256 random bits, base64url. */
  secret: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});

/** Tells what kind of secret it is to whoever finds one. */
const prefix = "tcmj_";
const maxLength = 8 * 1024;

export function encodeJoinToken(token: JoinToken): string {
  return prefix + toBase64Url(JSON.stringify(token));
}

/** Undefined for anything that no control plane wrote. */
export function decodeJoinToken(text: string): JoinToken | undefined {
  if (text.length > maxLength || !text.startsWith(prefix)) return undefined;
  try {
    return joinToken.safeParse(JSON.parse(fromBase64Url(text.slice(prefix.length)))).data;
  } catch {
    return undefined;
  }
}

/** Hostnames and the rest are ASCII: one character is one octet. */
function toBase64Url(text: string): string {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64Url(text: string): string {
  return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
}
