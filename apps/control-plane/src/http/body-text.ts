import type { Outcome } from "@tcm/core";
import type { FastifyRequest } from "fastify";
import { done, type Refusal, refuse } from "../operations/refuse.ts";
import { hasMoreValues } from "./count-values.ts";
import { repeatedMember } from "./repeated-member.ts";

/** Three hundred certificates have a few each. Decoding and checking a million takes seconds, on the one event loop. */
const maxBodyValues = 20_000;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The JSON text of a body, or why it is not decoded. */
export function bodyText({ headers }: Pick<FastifyRequest, "headers">, body: Buffer): Outcome<string> {
  const coding = headers["content-encoding"]?.trim().toLowerCase() ?? "";
  if (coding !== "" && coding !== "identity") return refuseCoding(coding, headers["content-type"]);
  const text = decode(body);
  if (text === undefined)
    return refuse("invalid-json", "The body has bytes that are no UTF-8. Send it in UTF-8, RFC 8259 section 8.1.");
  if (hasMoreValues(text, maxBodyValues))
    return refuse("invalid-json", "The body has more values than any valid one. Send less.");
  const name = repeatedMember(text);
  return name === undefined ? done(text) : refuseRepeated(name);
}

/** Bytes of another encoding would be stored as replacement characters, and nobody would be told. */
function decode(body: Buffer): string | undefined {
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
}

/** RFC 9110 section 8.4: what is compressed is nothing that we read, and not JSON that is not well-formed. */
function refuseCoding(coding: string, contentType: string | undefined): Refusal {
  const detail = "The body is compressed or encoded. Send it as it is, without Content-Encoding.";
  const unsupported = {
    unsupportedMediaType: contentType ?? null,
    unsupportedContentEncoding: coding.slice(0, 100),
  };
  return refuse("media-type-not-supported", detail, {
    contextInfo: { allowedMediaTypes: ["application/json"], ...unsupported },
  });
}

/** RFC 8259 section 4: of two, a reader in front of us may see the other one. */
function refuseRepeated(name: string): Refusal {
  return refuse(
    "invalid-json",
    `One object of the body has the member ${JSON.stringify(name.slice(0, 100))} twice. Send it once.`,
  );
}
