import { localTime, utcTime } from "./time-text.ts";

/** A time as the person's clock has it; the time in UTC is in its title. It breaks between day and hour, and nowhere else. */
export function Time({ iso }: { readonly iso: string }) {
  const [day, hour] = localTime(iso).split(/(?<=,) (?=[^,]*$)/);
  return (
    <time dateTime={iso} title={utcTime(iso)}>
      <span className="tcm-unbroken">{day}</span>
      {hour !== undefined && (
        <>
          {" "}
          <span className="tcm-unbroken">{hour}</span>
        </>
      )}
    </time>
  );
}
