import type { PathCheck } from "../path-check.ts";

/** RFC 5280 §6.1.4 (o), §6.1.5 (f). */
export const checkCriticalExtensions: PathCheck = (path, index) => {
  const unknown = path[index]?.extensions.unknownCritical ?? [];
  return unknown.length === 0 ? undefined : { code: "unknown-critical-extension", actual: unknown.join(", ") };
};
