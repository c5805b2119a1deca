import { createHash, createHmac, randomUUID } from "node:crypto";

/** What an `.edgerc` section holds. */
export type EdgegridSecrets = {
  readonly client_token: string;
  readonly client_secret: string;
  readonly access_token: string;
  readonly host: string;
};

export type ToSign = {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  /** Milliseconds. */
  readonly now: number;
  readonly nonce?: string;
};

export function readEdgerc(text: string): EdgegridSecrets {
  const pairs = text.split("\n").flatMap((line) => {
    const at = line.indexOf(" = ");
    return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 3)]];
  });
  return Object.fromEntries(pairs) as EdgegridSecrets;
}

/** The header that a client sends: written from the description of the signature alone, to be held against the verifier. */
export function edgegridHeader(secrets: EdgegridSecrets, { method, path, body = "", now, nonce }: ToSign): string {
  const hmac = (key: string, text: string): string => createHmac("sha256", key).update(text).digest("base64");
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replaceAll("-", "")}+0000`;
  const { client_token, access_token, client_secret, host } = secrets;
  const unsigned = `EG1-HMAC-SHA256 client_token=${client_token};access_token=${access_token};timestamp=${timestamp};nonce=${nonce ?? randomUUID()};`;
  const isHashed = method === "POST" && body !== "";
  const bodyHash = isHashed ? createHash("sha256").update(Buffer.from(body).subarray(0, 131_072)).digest("base64") : "";
  const data = [method, "https", host, path, "", bodyHash, unsigned].join("\t");
  return `${unsigned}signature=${hmac(hmac(client_secret, timestamp), data)}`;
}
