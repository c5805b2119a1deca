import { formatTime } from "../../certificate/format-certificate.ts";
import { memberRule } from "../rule.ts";

const noticeSeconds = 90 * 86_400;

/** Long enough to rotate a CA with its clients. */
export const expiringCertificate = memberRule(
  "expiring-certificate",
  "Trust Chain Manager, validation of uploads",
  ({ certificate }, { now }) => {
    const left = certificate.notAfter - now;
    if (left < 0 || left > noticeSeconds) return undefined;
    return { expiryDate: formatTime(certificate.notAfter), daysLeft: Math.floor(left / 86_400) };
  },
);
