import { plural } from "../text/time-text.ts";

/** Days before the end, those of which notice is given (spec §10). */
export const thresholds = [120, 90, 60, 30, 15, 10, 5, 1, 0] as const;
export type Within = (typeof thresholds)[number] | "expired";
export type ExpirySearch = { readonly within?: Within };

export const usualWithin: Within = 90;

/** What the address of the page says, and nothing else. Pure. */
export function readExpirySearch({ within }: Readonly<Record<string, unknown>>): ExpirySearch {
  const known = withins.find((one) => one === within);
  return known === undefined ? {} : { within: known };
}

export const withins: readonly Within[] = [...thresholds, "expired"];

/** As the choice is called. What has expired is in every one of them: it is the most urgent. */
export function withinText(within: Within): string {
  if (within === "expired") return "expired";
  return within === 0 ? "expired or ending today" : `expired or ending within ${plural(within, "day")}`;
}
