import { randomBytes } from "node:crypto";

/** What a TLS 1.2 server says in its first message about being resumed later. */
export type ResumptionOffer = { readonly tickets: boolean; readonly sessionIds: boolean };

const extension = { serverName: 0, supportedGroups: 10, pointFormats: 11, signatureAlgorithms: 13, sessionTicket: 35 };

/** A ClientHello of TLS 1.2 (RFC 5246 §7.4.1.2) that would like a ticket (RFC 5077 §3.2), as one record. */
export function clientHello(serverName: string): Buffer {
  const name = Buffer.from(serverName, "latin1");
  const extensions = Buffer.concat([
    encodeExtension(extension.serverName, vector(2, Buffer.concat([Buffer.of(0), vector(2, name)]))),
    encodeExtension(extension.supportedGroups, vector(2, words(0x001d, 0x0017, 0x0018))),
    encodeExtension(extension.pointFormats, vector(1, Buffer.of(0))),
    encodeExtension(extension.signatureAlgorithms, vector(2, words(0x0403, 0x0503, 0x0804, 0x0401, 0x0501, 0x0807))),
    encodeExtension(extension.sessionTicket, Buffer.alloc(0)),
  ]);
  const body = Buffer.concat([
    words(0x0303),
    randomBytes(32),
    vector(1, Buffer.alloc(0)),
    vector(2, words(0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8)),
    vector(1, Buffer.of(0)),
    vector(2, extensions),
  ]);
  return Buffer.concat([Buffer.of(22, 3, 1), vector(2, Buffer.concat([Buffer.of(1), vector(3, body)]))]);
}

/** From the first bytes of the answer; undefined while they are too few, null when they are no ServerHello of TLS 1.2. */
export function readServerHello(bytes: Buffer): ResumptionOffer | null | undefined {
  if (bytes.length < 5) return undefined;
  if (bytes[0] !== 22) return null;
  const record = bytes.subarray(5, 5 + bytes.readUInt16BE(3));
  if (record.length < bytes.readUInt16BE(3)) return undefined;
  try {
    return readOffer(record);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Throws a RangeError when a length points past the end. */
function readOffer(record: Buffer): ResumptionOffer | null {
  if (record.readUInt8(0) !== 2 || record.readUInt16BE(4) !== 0x0303) return null;
  const idLength = record.readUInt8(38);
  let at = 39 + idLength + 3;
  const end = Math.min(4 + record.readUIntBE(1, 3), record.length);
  let tickets = false;
  if (at < end) {
    for (at += 2; at < end; at += 4 + record.readUInt16BE(at + 2)) {
      tickets ||= record.readUInt16BE(at) === extension.sessionTicket;
    }
  }
  return { tickets, sessionIds: idLength > 0 };
}

function encodeExtension(type: number, content: Buffer): Buffer {
  return Buffer.concat([words(type), vector(2, content)]);
}

/** Content behind its length in so many bytes. */
function vector(lengthBytes: number, content: Buffer): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(content.length, 0, lengthBytes);
  return Buffer.concat([length, content]);
}

function words(...values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.of(value >> 8, value & 0xff)));
}
