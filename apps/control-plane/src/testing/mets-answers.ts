import { problemTypePrefix } from "@tcm/api-contract";
import { type ProblemSlug, problemCatalogue } from "@tcm/core";
import { testPki } from "@tcm/testkit";
import { expect } from "vitest";
import { certificateList } from "./control-plane-harness.ts";
import { base, certificateObject, type Named } from "./mets-objects.ts";

/** What answers are compared with: whole bodies and headers, with a pattern where the reference leaves the value open. */
export type Wire = {
  readonly status: number;
  readonly headers?: Record<string, unknown>;
  readonly body: unknown;
};

export const pki = testPki();
export const root = pki.root("Wire Root");
export const other = pki.root("Other Wire Root");
export const by = "token-1";
export const now = "2026-06-01T00:00:00.000000Z";
export const text = expect.any(String) as string;
export const sentence = expect.stringMatching(/^\S.*\.$/s) as string;

export const mediaType = (status: number): string =>
  status < 400 ? "application/json; charset=utf-8" : "application/problem+json";

/** What every answer to somebody known has. */
export const always = {
  "content-security-policy": "default-src 'none';frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
  "x-xss-protection": "0",
  "x-ratelimit-limit": "1000000",
  "x-ratelimit-remaining": expect.stringMatching(/^999\d{3}$/) as string,
  "x-ratelimit-next": expect.stringMatching(/^2026-06-01T\d\d:\d\d:\d\d\.\d{6}Z$/) as string,
};
export const etag = expect.stringMatching(/^"[^"]+"$/) as string;
export const quota = (sets: unknown, versions: number) => ({
  "x-limit-ca-sets-limit": "200",
  "x-limit-ca-sets-remaining": sets,
  "x-limit-ca-set-versions-limit": "100",
  "x-limit-ca-set-versions-remaining": String(versions),
});
export const setsLeft = expect.stringMatching(/^\d+$/) as string;

/** §4. */
export function problem(slug: ProblemSlug, contextInfo?: object, more: object = {}): Wire {
  const { status, title } = problemCatalogue[slug];
  const type = problemTypePrefix + slug;
  const instance = expect.stringMatching(new RegExp(`^${type}/[0-9a-f]{16}$`)) as string;
  const body = { type, title, detail: sentence, status, instance, ...(contextInfo && { contextInfo }), ...more };
  return { status, body };
}

export const item = (slug: string, pointer: string | undefined, contextInfo?: object) => ({
  type: problemTypePrefix + slug,
  title: text,
  detail: sentence,
  ...(pointer !== undefined && { pointer }),
  ...(contextInfo && { contextInfo }),
});
export const upload = (...members: { readonly pem: string }[]) => ({
  allowInsecureSha1: false,
  certificates: certificateList(members),
});
export const stored = (pem: string) => certificateObject(pem, { createdDate: now, createdBy: by });
export const link = ({ caSetId }: Named) => `${base}/ca-sets/${caSetId}`;
export const noSet = problem("ca-set-not-found", { caSetId: "999999" });
export const noVersion = (set: Named) => problem("ca-set-version-not-found", { ...set, version: 9 });
