import type { UnixMillis } from "@tcm/core";

/** What `Authorization: EG1-HMAC-SHA256 …` says. */
export type EdgegridHeader = {
  readonly clientToken: string;
  readonly accessToken: string;
  readonly time: UnixMillis;
  /** As sent: it is part of the key. */
  readonly timestamp: string;
  readonly nonce: string;
  /** The header up to the signature, which covers it. */
  readonly signed: string;
  readonly signature: Buffer;
};

const form =
  /^(EG1-HMAC-SHA256 client_token=([\w.~-]{1,128});access_token=([\w.~-]{1,128});timestamp=(\d{8}T\d\d:\d\d:\d\d\+0000);nonce=([A-Za-z0-9-]{1,64});)signature=([A-Za-z0-9+/]{43}=)$/;

export function isEdgegrid(authorization: string | undefined): authorization is string {
  return /^EG1-/i.test(authorization ?? "");
}

/** Undefined for whatever is not exactly in the form that the official clients send. */
export function parseEdgegridHeader(authorization: string): EdgegridHeader | undefined {
  const [, signed, clientToken, accessToken, timestamp, nonce, signature] = form.exec(authorization) ?? [];
  if (!signed || !clientToken || !accessToken || !timestamp || !nonce || !signature) return undefined;
  const [, year, month, day, clock] = /^(\d{4})(\d\d)(\d\d)T(.{8})/.exec(timestamp) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${clock}Z`);
  if (Number.isNaN(time)) return undefined;
  return { clientToken, accessToken, time, timestamp, nonce, signed, signature: Buffer.from(signature, "base64") };
}
