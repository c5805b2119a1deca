import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { isHost, isLoopback, publicUrlFault } from "@tcm/api-contract";
import { isOpenToOthers, openToOthers } from "@tcm/node-crypto";
import { UsageError } from "./command-line.ts";
import type { OperatorKey } from "./keys/operator-key.ts";
import { openSelfSignedTls } from "./keys/self-signed-tls.ts";

/** Where and how the API listens. */
export type ListenOptions = {
  /** An address, or `localhost`. Default: 127.0.0.1. */
  readonly host?: string | undefined;
  /** Files, PEM; or a certificate by a CA of the data directory. Undefined: plain HTTP. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string } | "self-signed" | undefined;
  /** Where clients reach it, when that is not where it listens. */
  readonly publicUrl?: string | undefined;
};

export type ListenPlan = {
  readonly host: string;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly hostNames: readonly string[];
  /** Where it listens, and where clients reach it: once the port is known. */
  readonly localUrl: (port: number) => string;
  readonly publicUrl: (port: number) => string;
  /** What clients are told to trust, with a certificate of our own. */
  readonly caFile: string | undefined;
};

type Surroundings = { readonly directory: string; readonly operatorKey: OperatorKey; readonly now: number };

const loopback: readonly string[] = ["127.0.0.1", "::1", "localhost"];
const everyAddress: readonly string[] = ["0.0.0.0", "::"];

/** Throws a UsageError for what cannot be, or must not be: passwords and tokens cross no network in the clear. */
export function refuseListening({ host = "127.0.0.1", tls, publicUrl }: ListenOptions): void {
  const urlFault = publicUrl === undefined ? undefined : publicUrlFault(publicUrl);
  if (urlFault !== undefined) throw new UsageError(`--public-url ${urlFault}, not "${publicUrl}".`);
  if (!isHost(host)) throw new UsageError(`--host takes an IP address or localhost, not "${host}".`);
  if (!isLoopback(host) && tls === undefined) {
    throw new UsageError(
      `Listening on ${host} needs TLS, since others can reach it. Add --tls-cert and --tls-key, or --tls-self-signed.`,
    );
  }
}

/** Throws as `refuseListening` does, and where the certificate cannot be read or made. */
export function planListening(options: ListenOptions, surroundings: Surroundings): ListenPlan {
  refuseListening(options);
  const { host = "127.0.0.1", tls, publicUrl } = options;
  const ownUrl = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  const isOne = !everyAddress.includes(host);
  const hostNames = isOne ? [bracketed(host)] : [];
  const scheme = tls === undefined ? "http" : "https";
  const localUrl = (port: number): string => `${scheme}://${isOne ? bracketed(host) : "localhost"}:${port}`;
  const names = [...(ownUrl === undefined ? [] : [new URL(ownUrl).hostname]), ...loopback, ...(isOne ? [host] : [])];
  const { caFile, ...material } = readTls(tls, names.map(unbracketed), surroundings) ?? { caFile: undefined };
  const secured = "cert" in material ? { cert: material.cert, key: material.key } : undefined;
  return { host, tls: secured, hostNames, caFile, localUrl, publicUrl: (port) => ownUrl ?? localUrl(port) };
}

function readTls(tls: ListenOptions["tls"], names: readonly string[], { directory, operatorKey, now }: Surroundings) {
  if (tls === undefined) return undefined;
  if (tls === "self-signed") return openSelfSignedTls(directory, operatorKey, names, now);
  const [cert, key] = [readPem("--tls-cert", tls.certFile), readPem("--tls-key", tls.keyFile)];
  if (isOpenToOthers(tls.keyFile)) throw new UsageError(`--tls-key: ${tls.keyFile} ${openToOthers}.`);
  return { cert, key, caFile: undefined };
}

function readPem(option: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${option}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

function unbracketed(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}
