import { expiryText, localDate, utcTime } from "../text/time-text.ts";
import { urgencyOf } from "./urgency.ts";

/** When a certificate ends: how long from now, on which day, and to the second in UTC in the title. */
export function Expiry({ iso, now }: { readonly iso: string; readonly now: number }) {
  return (
    <time dateTime={iso} title={utcTime(iso)} className="tcm-expiry">
      <span className={`tcm-urgency-${urgencyOf(iso, now)}`}>{expiryText(iso, now)}</span>
      <span className="tcm-faint tcm-line">{localDate(iso)}</span>
    </time>
  );
}
