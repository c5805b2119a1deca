import { UsageError, wholeNumber } from "./command-line.ts";
import { isUsableIssuer, type OidcOptions, parseOidcRoles } from "./identity/oidc-options.ts";
import type { ListenOptions } from "./listen-address.ts";

export const identityFlags = {
  host: { type: "string" },
  "tls-cert": { type: "string" },
  "tls-key": { type: "string" },
  "tls-self-signed": { type: "boolean" },
  "public-url": { type: "string" },
  "edgegrid-window": { type: "string" },
  "oidc-issuer": { type: "string" },
  "oidc-client-id": { type: "string" },
  "oidc-role-claim": { type: "string" },
  "oidc-roles": { type: "string" },
} as const;

export const identityHelp = `\
  --host ADDRESS            address of the HTTP API (127.0.0.1); any other than loopback needs TLS
  --tls-cert FILE           certificate chain of the HTTP API, PEM, with --tls-key FILE
  --tls-self-signed         a certificate by a CA of the data directory: have clients trust DIR/tls/ca.pem
  --public-url URL          where clients reach the HTTP API, when it is not where it listens; also TCM_PUBLIC_URL
  --edgegrid-window N       seconds by which the timestamp of a signature may differ from now (300)
  --oidc-issuer URL         sign-in with an identity provider; also TCM_OIDC_ISSUER, and so on for the rest
  --oidc-client-id ID       its secret comes by TCM_OIDC_CLIENT_SECRET alone
  --oidc-role-claim NAME    claim with the groups of a person (groups)
  --oidc-roles GROUP=ROLE,... roles of groups; "*" is everybody whom the provider lets in
`;

type Given = { readonly [K in keyof typeof identityFlags]?: string | boolean | undefined };

/** Flags come before the environment. Throws a UsageError for what does not go together. */
export function readIdentityFlags(given: Given, environment: NodeJS.ProcessEnv) {
  const read = (name: keyof Given): string | undefined => {
    const value = given[name];
    return typeof value === "string" ? value : environment[`TCM_${name.toUpperCase().replaceAll("-", "_")}`];
  };
  const window = wholeNumber("edgegrid-window", read("edgegrid-window") ?? "300", 1, 3_600);
  const oidc = readOidc(read, environment["TCM_OIDC_CLIENT_SECRET"]);
  const { host, publicUrl } = { host: read("host"), publicUrl: read("public-url") };
  const tls = readTls(read("tls-cert"), read("tls-key"), given["tls-self-signed"] === true);
  return { host, tls, publicUrl, edgegridWindowMs: window * 1_000, oidc };
}

function readTls(
  certFile: string | undefined,
  keyFile: string | undefined,
  isSelfSigned: boolean,
): ListenOptions["tls"] {
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new UsageError("--tls-cert and --tls-key go together.");
  if (certFile === undefined || keyFile === undefined) return isSelfSigned ? "self-signed" : undefined;
  if (isSelfSigned) throw new UsageError("Either --tls-self-signed, or --tls-cert with --tls-key.");
  return { certFile, keyFile };
}

function readOidc(
  read: (name: keyof Given) => string | undefined,
  clientSecret: string | undefined,
): OidcOptions | undefined {
  const issuer = read("oidc-issuer");
  if (issuer === undefined) return undefined;
  if (!isUsableIssuer(issuer)) throw new UsageError(`--oidc-issuer takes an https URL, not "${issuer}".`);
  const clientId = read("oidc-client-id");
  if (clientId === undefined || clientSecret === undefined)
    throw new UsageError("--oidc-issuer needs --oidc-client-id, and TCM_OIDC_CLIENT_SECRET in the environment.");
  const roles = parseOidcRoles(read("oidc-roles") ?? "");
  if (roles === undefined)
    throw new UsageError("--oidc-issuer needs --oidc-roles GROUP=ROLE,... Roles are viewer, editor, deployer, admin.");
  return { issuer, clientId, clientSecret, roleClaim: read("oidc-role-claim") ?? "groups", roles };
}
