import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "./run-command.ts";

/** Files of one certificate and its key, made by `openssl` and by nothing of ours. */
export type OpensslCertificate = {
  readonly name: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Itself and the intermediates above it: what a client sends. */
  readonly chainFile: string;
  readonly pem: string;
};

const caExtensions =
  "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n";
const clientExtensions =
  "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

export async function opensslRoot(directory: string, name: string): Promise<OpensslCertificate> {
  const { certificateFile, keyFile, chainFile } = filesOf(directory, name);
  const extensions = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"];
  await mustRun("openssl", [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "3650",
    "-subj",
    `/O=Partner/CN=${name}`,
    "-keyout",
    keyFile,
    "-out",
    certificateFile,
    ...extensions.flatMap((extension) => ["-addext", extension]),
  ]);
  // Nobody sends the root: what its clients present beside their own certificate is nothing.
  return finish(name, { certificateFile, keyFile, chainFile }, () => "");
}

export function opensslIntermediate(directory: string, name: string, issuer: OpensslCertificate) {
  return issue(directory, name, issuer, `${caExtensions}authorityKeyIdentifier=keyid\n`);
}

export function opensslClient(directory: string, name: string, issuer: OpensslCertificate) {
  return issue(directory, name, issuer, clientExtensions);
}

async function issue(
  directory: string,
  name: string,
  issuer: OpensslCertificate,
  extensions: string,
): Promise<OpensslCertificate> {
  const files = filesOf(directory, name);
  const request = join(directory, `${name}.csr`);
  const extensionFile = join(directory, `${name}.ext`);
  writeFileSync(extensionFile, extensions);
  await mustRun("openssl", [
    "req",
    "-new",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-subj",
    `/O=Partner/CN=${name}`,
    "-keyout",
    files.keyFile,
    "-out",
    request,
  ]);
  await mustRun("openssl", [
    "x509",
    "-req",
    "-in",
    request,
    "-CA",
    issuer.certificateFile,
    "-CAkey",
    issuer.keyFile,
    "-CAcreateserial",
    "-days",
    "365",
    "-extfile",
    extensionFile,
    "-out",
    files.certificateFile,
  ]);
  const above = readFileSync(issuer.chainFile, "utf8");
  return finish(name, files, (pem) => pem + above);
}

type Files = Pick<OpensslCertificate, "certificateFile" | "keyFile" | "chainFile">;

function filesOf(directory: string, name: string): Files {
  const file = (ending: string): string => join(directory, `${name}.${ending}`);
  return { certificateFile: file("pem"), keyFile: file("key"), chainFile: file("chain.pem") };
}

function finish(name: string, files: Files, chainOf: (pem: string) => string): OpensslCertificate {
  const pem = readFileSync(files.certificateFile, "utf8");
  writeFileSync(files.chainFile, chainOf(pem));
  return { name, ...files, pem };
}
