import { type Certificate, escapeText, formatName } from "@tcm/core";
import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { networkName } from "../deployment/network-option.ts";
import { askVersion, type TrustingVersion, versionsInForce } from "../distrust/trusting-versions.ts";
import { count } from "../output/count.ts";
import { exitCode } from "../output/exit-code.ts";
import { type Column, renderTable } from "../output/table.ts";
import { readCertificateFile } from "../verify/read-certificates.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";

export function addWhere(program: Command, context: CommandContext): void {
  const command = program
    .command("where")
    .summary("which CA sets let in the clients of a CA")
    .description(
      "Looks through every version that a network serves for what lets in the clients of a CA: its certificate, another one of the same CA or key, or a CA above it.",
    )
    .argument(
      "<ca-chain>",
      'PEM file: the certificate of the CA first, then those above it that are known; "-" is standard input',
    );
  addServerOptions(command)
    .addHelpText("after", "\nExamples:\n  tcm where compromised.pem\n  tcm where compromised.pem --json")
    .action(async (file: string, options: ServerOptions) => where(file, options, context));
}

async function where(file: string, options: ServerOptions, context: CommandContext): Promise<void> {
  const [ca, ...sent] = (await readCertificateFile(file, context.stdin)).certificates;
  if (ca === undefined) throw new CommandFailure(exitCode.usage, "There is no certificate in the file.");
  const client = clientOf(options, context);
  const inForce = await versionsInForce(client);
  const trusting: TrustingVersion[] = [];
  for (const version of inForce) {
    const found = await askVersion(client, version, ca, sent);
    if (found !== undefined) trusting.push(found);
  }
  const { fingerprint } = ca;
  const found = { subject: formatName(ca.subject), fingerprint, inForceCount: inForce.length, versions: trusting };
  print(context, options, found, () => renderFound(found, missingIssuer(ca, sent)));
}

type Found = {
  readonly subject: string;
  readonly fingerprint: string;
  /** Of how many versions the answer is. */
  readonly inForceCount: number;
  readonly versions: readonly TrustingVersion[];
};

function renderFound(found: Found, missing: string | undefined): string {
  const table = found.versions.length === 0 ? "" : `${renderTable(found.versions, columns, "")}\n`;
  const doubt =
    missing === undefined
      ? []
      : [`${missing} is above it, and not in the file: a set that trusts what is above that cannot be told. Add it.`];
  return `${table}${[verdictOf(found), ...doubt].map((line) => `${escapeText(line)}\n`).join("")}`;
}

function verdictOf({ subject, fingerprint, inForceCount, versions }: Found): string {
  const clients = `clients of ${subject} [${fingerprint.slice(0, 12)}]`;
  if (inForceCount === 0) return `No network serves a version, so that nobody lets in ${clients}.`;
  const all = `of the ${inForceCount} that networks serve`;
  if (versions.length === 0) return `No version ${all} lets in ${clients}.`;
  return `${count(versions.length, "version")} ${all} ${versions.length === 1 ? "lets" : "let"} in ${clients}.`;
}

/** The first issuer on the way up that is neither in the file nor the end of the way. Of names alone: it is a hint. */
function missingIssuer(ca: Certificate, sent: readonly Certificate[]): string | undefined {
  const bySubject = new Map(sent.map((certificate) => [certificate.subject.canonical, certificate]));
  const seen = new Set<string>();
  for (let next = ca; next.issuer.canonical !== next.subject.canonical; ) {
    const above = bySubject.get(next.issuer.canonical);
    if (above === undefined) return formatName(next.issuer);
    if (seen.has(above.fingerprint)) return undefined;
    seen.add(above.fingerprint);
    next = above;
  }
  return undefined;
}

const through: Readonly<Record<TrustingVersion["through"][number]["as"], string>> = {
  itself: "it",
  "same-ca": "another certificate of it",
  "same-key": "its key under another name",
  above: "a CA above it",
};

const columns: readonly Column<TrustingVersion>[] = [
  { title: "CA SET", value: ({ caSetName, version }) => `${caSetName}@${version}` },
  { title: "NETWORKS", value: ({ networks }) => networks.map((network) => networkName[network]).join(", ") },
  {
    title: "TRUSTS",
    value: (version) =>
      version.through
        .map(({ subject, fingerprint, as }) =>
          as === "itself" ? through[as] : `${through[as]}: ${subject} [${fingerprint.slice(0, 12)}]`,
        )
        .join("; "),
  },
];
