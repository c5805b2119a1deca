import { expiryText, localTime, utcTime } from "../text/time-text.ts";
import { urgencyOf } from "./urgency.ts";

/** When a certificate ends: in days, by the person's clock, and in UTC in the title. */
export function Expiry({ iso, now }: { readonly iso: string; readonly now: number }) {
  return (
    <time dateTime={iso} title={utcTime(iso)}>
      <span className={`tcm-urgency-${urgencyOf(iso, now)}`}>{expiryText(iso, now)}</span>
      <span className="tcm-faint tcm-line">{localTime(iso)}</span>
    </time>
  );
}
