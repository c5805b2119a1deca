import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { testPki } from "@tcm/testkit";

/** A trust store of `size` roots, and clients that take turns: of these roots, or of one that is none of them. */
export type TrustStore = StoreOrder & {
  readonly pems: readonly string[];
  readonly file: string;
  readonly clientFiles: readonly string[];
};

export type StoreOrder = {
  readonly name: string;
  readonly size: number;
  readonly clients: number;
  readonly areStrangers: boolean;
};

export const serverName = "bench.example";

export function handshakePki(directory: string, orders: readonly StoreOrder[]) {
  const pki = testPki({ now: new Date() });
  const server = pki.root("Bench Server Root").server(serverName);
  const serverFile = join(directory, "server.pem");
  writeFileSync(serverFile, server.pem + server.privateKeyPem, { mode: 0o600 });
  const noNamesFile = join(directory, "no-names.pem");
  writeFileSync(noNamesFile, pki.root("None").pem);
  const stranger = pki.root("Stranger Root");
  const stores = orders.map((order, position): TrustStore => {
    const { size, clients, areStrangers } = order;
    const roots = Array.from({ length: size }, (_, i) => pki.root(`Partner ${i} Root`));
    const file = join(directory, `trust-${position}.pem`);
    writeFileSync(file, roots.map(({ pem }) => pem).join(""));
    // One key for all of them: what differs is what is signed.
    const { keyPair } = pki.selfSignedLeaf("key of the clients");
    const clientFiles = Array.from({ length: clients }, (_, i) => {
      const issuer = areStrangers ? stranger : roots[i % size];
      const client = issuer?.leaf(`client ${i}`, { keyPair });
      const clientFile = join(directory, `client-${position}-${i}.pem`);
      writeFileSync(clientFile, `${client?.pem}${client?.privateKeyPem}`, { mode: 0o600 });
      return clientFile;
    });
    return { ...order, pems: roots.map(({ pem }) => pem), file, clientFiles };
  });
  return { stores, serverFile, noNamesFile };
}
