import { formatTime } from "../../certificate/format-certificate.ts";
import type { PathCheck } from "../path-check.ts";

/** RFC 5280 §4.1.2.5: both ends belong to the period. */
export const checkValidity: PathCheck = (path, index, { time }) => {
  const certificate = path[index];
  if (certificate === undefined) return undefined;
  const { notBefore, notAfter } = certificate;
  if (time < notBefore)
    return { code: "not-yet-valid", expected: `at or after ${formatTime(notBefore)}`, actual: formatTime(time) };
  if (time > notAfter)
    return { code: "expired", expected: `at or before ${formatTime(notAfter)}`, actual: formatTime(time) };
  return undefined;
};
