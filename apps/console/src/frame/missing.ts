import { ApiProblem } from "@tcm/api-contract";

export type Missing = {
  readonly title: string;
  /** What the title does not say already. */
  readonly detail?: string;
};

/** What an address names that is not there; undefined: the error is another one. Pure. */
export function missingOf(error: unknown): Missing | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  const { status, detail } = error.problem;
  if (status === 404) return { title: titleOf(error.code), ...(!repeatsTitle.test(detail) && { detail }) };
  // An id that none can be, such as /ca-sets/abc.
  if (error.code !== "path-variable-query-param-type-mismatch") return undefined;
  return { title: elsewhere, detail: "What it names cannot be there." };
}

const repeatsTitle = /^There is no/;

const elsewhere = "There is nothing at this address";

const titles: Readonly<Record<string, string>> = {
  "ca-set-not-found": "There is no such certificate set",
  "ca-set-version-not-found": "There is no such version",
  "activation-or-deactivation-request-not-found": "There is no such deployment",
  "edge-node-not-found": "There is no such edge node",
  "edge-certificate-not-found": "There is no such edge certificate",
};

function titleOf(code: string): string {
  return titles[code] ?? elsewhere;
}
