import { localTime, utcTime } from "./time-text.ts";

/** A time as the person's clock has it; the time in UTC is in its title. */
export function Time({ iso }: { readonly iso: string }) {
  return (
    <time dateTime={iso} title={utcTime(iso)}>
      {localTime(iso)}
    </time>
  );
}
