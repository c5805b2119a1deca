import { runCommand } from "./run-command.ts";
import type { Instance, NetworkName } from "./instance.ts";
import type { OpensslCertificate } from "./openssl-pki.ts";

export type TlsVersion = "tls1_2" | "tls1_3";

export type ClientOutcome = {
  /** HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  readonly resumed: boolean;
  readonly body: string;
  readonly output: string;
};

export type ClientOptions = {
  readonly instance: Instance;
  readonly network: NetworkName;
  readonly hostname: string;
  readonly client?: OpensslCertificate;
  readonly version?: TlsVersion;
  /** File to write the session to, or to take it from. */
  readonly saveSession?: string;
  readonly useSession?: string;
};

/** One request by `openssl s_client`: a TLS client that is not ours, and that does what it is told with sessions. */
export async function askWithOpenssl(options: ClientOptions): Promise<ClientOutcome> {
  const { instance, network, hostname, client, version, saveSession, useSession } = options;
  const { stdout, stderr } = await runCommand(
    "openssl",
    [
      "s_client",
      "-connect",
      `127.0.0.1:${instance.port(network)}`,
      "-servername",
      hostname,
      "-CAfile",
      instance.serverCaFile,
      "-verify_hostname",
      hostname,
      "-verify_return_error",
      "-ign_eof",
      ...(client === undefined
        ? []
        : ["-cert", client.certificateFile, "-key", client.keyFile, "-cert_chain", client.chainFile]),
      ...(version === undefined ? [] : [`-${version}`]),
      ...(saveSession === undefined ? [] : ["-sess_out", saveSession]),
      ...(useSession === undefined ? [] : ["-sess_in", useSession]),
    ],
    { input: `GET / HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`, timeoutMs: 15_000 },
  );
  const status = /^HTTP\/1\.1 (\d{3})/m.exec(stdout)?.[1];
  return {
    status: status === undefined ? undefined : Number(status),
    resumed: /^Reused, /m.test(stdout),
    body: /^\{.*\}/m.exec(stdout.split("\r\n\r\n").slice(1).join("\r\n\r\n"))?.[0] ?? "",
    output: `${stdout}\n${stderr}`,
  };
}

/** The same by `curl`: the status, 0 when there was none, and the body. */
export async function askWithCurl({ instance, network, hostname, client }: ClientOptions) {
  const port = instance.port(network);
  const { stdout, stderr } = await runCommand("curl", [
    "--silent",
    "--show-error",
    "--max-time",
    "15",
    "--cacert",
    instance.serverCaFile,
    "--resolve",
    `${hostname}:${port}:127.0.0.1`,
    "--write-out",
    "\n%{http_code}",
    ...(client === undefined ? [] : ["--cert", client.chainFile, "--key", client.keyFile]),
    `https://${hostname}:${port}/`,
  ]);
  const lines = stdout.trimEnd().split("\n");
  return { status: Number(lines.at(-1)), body: lines.slice(0, -1).join("\n"), stderr };
}
