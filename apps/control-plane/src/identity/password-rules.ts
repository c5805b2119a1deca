import { type Refusal, refuse } from "../operations/refuse.ts";

const minLength = 12;
const maxLength = 256;

/** Long enough for the rule, and among the first that anybody tries. Compared without case, digits and signs at the end. */
const common: ReadonlySet<string> = new Set([
  "administrator",
  "changemeplease",
  "changemechangeme",
  "correcthorsebatterystaple",
  "iloveyouiloveyou",
  "letmeinletmein",
  "passwordpassword",
  "password",
  "passw0rd",
  "p@ssw0rd",
  "qwertyqwerty",
  "qwertyuiop",
  "qwertyuiopasdfghjkl",
  "trustchainmanager",
  "welcome",
  "welcomewelcome",
]);

/** NIST SP 800-63B: length, and no password that is tried first; no rules about kinds of characters. */
export function refusePassword(password: string, name: string): Refusal | undefined {
  const { length } = Array.from(password);
  if (length < minLength || length > maxLength)
    return refused(`A password has ${minLength} to ${maxLength} characters; this one has ${length}.`);
  if (isCommon(password.toLowerCase(), name.toLowerCase()))
    return refused(
      "This password is among the first that anybody tries. Take several words that do not belong together.",
    );
  return undefined;
}

function isCommon(password: string, name: string): boolean {
  const stem = password.replace(/[^\p{L}]+$/u, "");
  const kinds = new Set(password);
  const isCounted = "01234567890123456789".includes(password) || "98765432109876543210".includes(password);
  return common.has(stem) || stem === name || password.replace(name, "").length < 4 || kinds.size < 4 || isCounted;
}

function refused(detail: string): Refusal {
  return refuse("password-not-acceptable", detail);
}
