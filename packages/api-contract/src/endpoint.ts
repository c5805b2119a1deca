import type { ProblemSlug } from "@tcm/core";
import type { z } from "zod";

/** One thing that the API does: what is sent, what comes back, and what may go wrong beyond what may go wrong everywhere. */
export type Endpoint = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the base path; `{name}` stands for a parameter. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** Takes no account of who asks. */
  readonly isOpen?: true;
  /** Names of the query parameters, `accountSwitchKey` aside. */
  readonly query?: readonly string[];
  readonly body?: z.ZodType;
  /** By status: the form of a JSON body, null for none, or the media type of what is no JSON. */
  readonly answers: Readonly<Record<number, z.ZodType | null | string>>;
  readonly problems: readonly ProblemSlug[];
};

/** What any request may be answered, whatever it asks for. */
const problemsOfAll: readonly ProblemSlug[] = [
  "unauthorized",
  "forbidden",
  "unknown-query-parameters",
  "invalid-field",
  "media-type-not-acceptable",
  "misdirected-request",
  "rate-limit-exceeded",
  "internal-error",
  "service-busy",
  "store-not-writable",
  "store-not-available",
  "store-damaged",
];

/** In addition, where the path has parameters. */
const problemsOfPaths: readonly ProblemSlug[] = ["path-variable-query-param-type-mismatch"];

/** In addition, where a body is read. */
const problemsOfBodies: readonly ProblemSlug[] = [
  "invalid-json",
  "json-schema-validation-error",
  "payload-too-large",
  "media-type-not-supported",
];

/** Every problem that the endpoint may answer, those of all included, in order of the alphabet. */
export function problemsOf({ path, method, problems }: Endpoint): readonly ProblemSlug[] {
  const readsBody = method !== "GET";
  return [
    ...new Set([
      ...problemsOfAll,
      ...(path.includes("{") ? problemsOfPaths : []),
      ...(readsBody ? problemsOfBodies : []),
      ...problems,
    ]),
  ].sort();
}
