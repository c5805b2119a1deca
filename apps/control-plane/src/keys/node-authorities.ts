import { createPrivateKey, type KeyObject, randomBytes } from "node:crypto";
import { type Certificate, type Network, networks, parseCertificate, renderPem } from "@tcm/core";
import { generateKeyPair, issueCertificate, nodeCrypto } from "@tcm/node-crypto";
import { type Clock, timestamp } from "../operations/actor.ts";
import { type Store, transaction } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import type { OperatorKey } from "./operator-key.ts";

/** A CA of our own. */
export type NodeAuthority = {
  readonly certificate: Certificate;
  readonly pem: string;
  readonly privateKey: KeyObject;
};

/** One for the nodes of each network, so that staging says nothing about production, and one for what nodes connect to. */
export type NodeAuthorities = Readonly<Record<Network, NodeAuthority>> & { readonly nodePort: NodeAuthority };

type AuthorityName = Network | "NODE_PORT";

const hour = 3_600;
/** Made once: a network's nodes all have to join again when it ends. */
const twentyYears = 7_305 * 24 * hour;

/** Those in use, made at the first start; every control plane on one store has the same. */
export async function openNodeAuthorities(
  store: Store,
  operatorKey: OperatorKey,
  clock: Clock,
): Promise<NodeAuthorities> {
  const open = (name: AuthorityName): Promise<NodeAuthority> => openAuthority(store, operatorKey, clock, name);
  const [staging, production, nodePort] = [await open("STAGING"), await open("PRODUCTION"), await open("NODE_PORT")];
  return { STAGING: staging, PRODUCTION: production, nodePort };
}

/** The network whose nodes have certificates by an issuer of this name. */
export function networkOfIssuer(authorities: NodeAuthorities, issuer: Uint8Array): Network | undefined {
  return networks.find((network) => Buffer.from(authorities[network].certificate.subject.der).equals(issuer));
}

async function openAuthority(
  store: Store,
  operatorKey: OperatorKey,
  clock: Clock,
  name: AuthorityName,
): Promise<NodeAuthority> {
  const row = await transaction(store, async (queries) => {
    const known = await queries.selectFrom("node_authorities").selectAll().where("name", "=", name).executeTakeFirst();
    if (known !== undefined) return known;
    const made = newAuthority(name, operatorKey, clock());
    return queries.insertInto("node_authorities").values(made).returningAll().executeTakeFirstOrThrow();
  });
  const parsed = parseCertificate(Buffer.from(row.certificate, "base64"), nodeCrypto);
  if (!parsed.ok) throw new StoreError("store-not-readable", `The certificate of the node CA ${name} is damaged.`);
  const { certificate } = parsed;
  return {
    certificate,
    pem: renderPem(certificate.der),
    privateKey: unseal(operatorKey, row.private_key_sealed, name),
  };
}

function newAuthority(name: AuthorityName, operatorKey: OperatorKey, now: number) {
  const { publicKey, privateKey } = generateKeyPair("p256");
  const seconds = Math.floor(now / 1_000);
  const subject = { O: "Trust Chain Manager", CN: `${commonNames[name]} ${randomBytes(4).toString("hex")}` };
  const der = issueCertificate({
    subject,
    publicKey,
    issuer: { name: subject, privateKey },
    notBefore: seconds - 24 * hour,
    notAfter: seconds + twentyYears,
    basicConstraints: { cA: true, pathLenConstraint: 0 },
    keyUsage: ["keyCertSign", "cRLSign"],
  });
  return {
    name,
    certificate: Buffer.from(der).toString("base64"),
    private_key_sealed: operatorKey.seal(privateKey.export({ format: "der", type: "pkcs8" }), purposeOf(name)),
    created_at: timestamp(now),
  };
}

const commonNames: Readonly<Record<AuthorityName, string>> = {
  STAGING: "Staging node CA",
  PRODUCTION: "Production node CA",
  NODE_PORT: "Node port CA",
};

function unseal(operatorKey: OperatorKey, sealed: string, name: AuthorityName): KeyObject {
  try {
    const der = Buffer.from(operatorKey.open(sealed, purposeOf(name)));
    return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  } catch (cause) {
    throw new StoreError(
      "operator-key-unusable",
      "The operator key does not open the node CAs in the store. Use the key with which the store was made.",
      { cause },
    );
  }
}

function purposeOf(name: AuthorityName): string {
  return `node-ca ${name}`;
}
