import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { testPki } from "@tcm/testkit";

/** A trust store of `size` roots, and clients of them. */
export type TrustStore = {
  readonly size: number;
  readonly pems: readonly string[];
  readonly file: string;
  readonly clientFiles: readonly string[];
};

/** Clients take turns, so that nobody gains by remembering the one it saw last. */
const clients = 200;

export const serverName = "bench.example";

export function handshakePki(directory: string, sizes: readonly number[]) {
  const pki = testPki({ now: new Date() });
  const server = pki.root("Bench Server Root").server(serverName);
  const serverFile = join(directory, "server.pem");
  writeFileSync(serverFile, server.pem + server.privateKeyPem, { mode: 0o600 });
  const noNamesFile = join(directory, "no-names.pem");
  writeFileSync(noNamesFile, pki.root("None").pem);
  const stores = sizes.map((size): TrustStore => {
    const roots = Array.from({ length: size }, (_, i) => pki.root(`Partner ${i} Root`));
    const file = join(directory, `trust-${size}.pem`);
    writeFileSync(file, roots.map(({ pem }) => pem).join(""));
    const clientFiles = Array.from({ length: clients }, (_, i) => {
      const client = roots[i % size]?.leaf(`client ${i}`);
      const clientFile = join(directory, `client-${size}-${i}.pem`);
      writeFileSync(clientFile, `${client?.pem}${client?.privateKeyPem}`, { mode: 0o600 });
      return clientFile;
    });
    return { size, pems: roots.map(({ pem }) => pem), file, clientFiles };
  });
  return { stores, serverFile, noNamesFile };
}
