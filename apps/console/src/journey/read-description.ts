import { description as acceptable } from "@tcm/api-contract";
import { findPrivateKey } from "@tcm/core";

export type ReadDescription =
  | { readonly ok: true; readonly description: string | null }
  | { readonly ok: false; readonly fault: string };

/** What was typed as a description, by the rule of the API; nothing typed is none. */
export function readDescription(typed: string): ReadDescription {
  const text = typed.trim();
  if (text === "") return { ok: true, description: null };
  if (findPrivateKey(text) !== undefined)
    return { ok: false, fault: "This is a private key. It was not kept and not sent. A description is for people." };
  if (acceptable.safeParse(text).success) return { ok: true, description: text };
  return { ok: false, fault: "A description has at most 255 characters and holds no PEM." };
}
