import type { EdgeCertificateView } from "@tcm/api-contract";
import { escapeText } from "@tcm/core";
import { type Command, Option } from "commander";
import type { ApiClient } from "../client/api-client.ts";
import { findCaSet } from "../client/find-ca-set.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { awaitEdgeCertificate } from "../edge-certificate/await-edge-certificate.ts";
import { sendConfirmed } from "../edge-certificate/confirm-opening.ts";
import { exitCode } from "../output/exit-code.ts";
import { type Column, renderTable } from "../output/table.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";
import { given } from "../client/given.ts";

type ConfirmOptions = ServerOptions & { readonly yes?: true };

type CreateOptions = ConfirmOptions & {
  readonly hostname: readonly string[];
  readonly caSet: string;
  readonly mode: "deny" | "observe";
  readonly sendCaList?: true;
  readonly wait?: true;
};

type UpdateOptions = ConfirmOptions & {
  readonly hostname?: readonly string[];
  readonly caSet?: string;
  readonly mode?: "deny" | "observe";
  readonly sendCaList?: boolean;
  readonly wait?: true;
};

export function addEdgeCertificates(program: Command, context: CommandContext): void {
  const group = program
    .command("edge-certificates")
    .summary("bind hostnames to a CA set, and unbind them")
    .description("Edge certificates: hostnames whose clients must present a certificate that a CA set accepts.");
  group.addHelpText(
    "after",
    "\nExamples:\n  tcm edge-certificates create --hostname shop.example --ca-set partners --wait",
  );
  group.addHelpText("after", "  tcm edge-certificates list\n  tcm edge-certificates delete 1 --yes");

  addServerOptions(group.command("list", { isDefault: true }).description("Lists all edge certificates.")).action(
    async (options: ServerOptions) => {
      const body = await clientOf(options, context).call("listEdgeCertificates");
      print(context, options, body, () => renderEdgeCertificates(body.edgeCertificates));
    },
  );

  addServerOptions(group.command("show").description("Shows one edge certificate."))
    .argument("<id>", "id of the edge certificate")
    .action(async (id: string, options: ServerOptions) => {
      const found = await clientOf(options, context).call("getEdgeCertificate", {
        params: { edgeCertificateId: parseId(id) },
      });
      print(context, options, found, () => renderEdgeCertificates([found]));
    });

  addServerOptions(group.command("create").description("Binds hostnames to a CA set that is active on both networks."))
    .requiredOption("--hostname <name...>", "hostnames that the edge serves")
    .requiredOption("--ca-set <name>", "CA set by name or id")
    .addOption(
      new Option("--mode <mode>", "refuse clients, or only watch").choices(["deny", "observe"]).default("deny"),
    )
    .option("--send-ca-list", "tell clients the names of the CAs in the handshake")
    .option("--wait", "wait until every node on both networks serves it")
    .option("--yes", withoutAsking)
    .action(async (options: CreateOptions) => createEdgeCertificate(clientOf(options, context), options, context));

  addServerOptions(group.command("update").description("Changes an edge certificate; what is not said stays as it is."))
    .argument("<id>", "id of the edge certificate")
    .option("--hostname <name...>", "all hostnames that the edge is to serve")
    .option("--ca-set <name>", "CA set by name or id")
    .addOption(new Option("--mode <mode>", "refuse clients, or only watch").choices(["deny", "observe"]))
    .option("--send-ca-list", "tell clients the names of the CAs in the handshake")
    .option("--no-send-ca-list", "tell them nothing")
    .option("--wait", "wait until every node on both networks serves it")
    .option("--yes", withoutAsking)
    .action(async (id: string, options: UpdateOptions) => updateEdgeCertificate(parseId(id), options, context));

  addServerOptions(group.command("delete").description("Unbinds hostnames from their CA set."))
    .argument("<id>", "id of the edge certificate")
    .option("--yes", withoutAsking)
    .action(async (id: string, options: ConfirmOptions) => {
      const client = clientOf(options, context);
      const params = { edgeCertificateId: parseId(id) };
      await sendConfirmed((query) => client.call("deleteEdgeCertificate", { params, query }), options, context);
      if (!options.json) context.terminal.out(`Edge certificate ${id} deleted.\n`);
    });
}

const withoutAsking = "open trust without being asked: unbind, or let in clients without an accepted certificate";

async function createEdgeCertificate(
  client: ApiClient,
  options: CreateOptions,
  context: CommandContext,
): Promise<void> {
  const { hostname, caSet, mode, sendCaList, wait } = options;
  const { caSetId } = await findCaSet(client, caSet);
  const clientAuthentication = { caSetId, mode, sendCaListToClient: sendCaList === true };
  const body = { hostnames: [...hostname], clientAuthentication };
  const created = await sendConfirmed(
    (query) => client.call("createEdgeCertificate", { body, query }),
    options,
    context,
  );
  const known = wait ? await awaitEdgeCertificate(client, created, context.now() + waitMs, context.now) : created;
  presentEdgeCertificate(known, options, context);
}

async function updateEdgeCertificate(
  edgeCertificateId: number,
  options: UpdateOptions,
  context: CommandContext,
): Promise<void> {
  const { hostname, caSet, mode, sendCaList: sendCaListToClient, wait } = options;
  const client = clientOf(options, context);
  const caSetId = caSet === undefined ? undefined : (await findCaSet(client, caSet)).caSetId;
  const clientAuthentication = given({ caSetId, mode, sendCaListToClient });
  const body = {
    ...(hostname !== undefined && { hostnames: [...hostname] }),
    ...(Object.keys(clientAuthentication).length > 0 && { clientAuthentication }),
  };
  if (Object.keys(body).length === 0) throw new CommandFailure(exitCode.usage, "Nothing to change. See --help.");
  const params = { edgeCertificateId };
  const changed = await sendConfirmed(
    (query) => client.call("changeEdgeCertificate", { params, body, query }),
    options,
    context,
  );
  const known = wait ? await awaitEdgeCertificate(client, changed, context.now() + waitMs, context.now) : changed;
  presentEdgeCertificate(known, options, context);
}

/** Shows it, and decides the exit code. */
function presentEdgeCertificate(
  known: EdgeCertificateView,
  options: ServerOptions & { readonly wait?: true },
  context: CommandContext,
): void {
  print(context, options, known, () => renderEdgeCertificates([known]));
  const states = [known.staging.status, known.production.status];
  if (states.includes("REJECTED")) context.endWith(exitCode.refused);
  else if (options.wait && states.includes("IN_PROGRESS")) context.endWith(exitCode.undetermined);
}

const waitMs = 60_000;
function parseId(text: string): number {
  if (/^[1-9][0-9]{0,9}$/.test(text)) return Number(text);
  throw new CommandFailure(exitCode.usage, `"${escapeText(text)}" is no id of an edge certificate. List them first.`);
}

const columns: readonly Column<EdgeCertificateView>[] = [
  { title: "ID", value: ({ edgeCertificateId }) => String(edgeCertificateId), align: "right" },
  { title: "HOSTNAMES", value: ({ hostnames }) => hostnames.join(", ") },
  { title: "CA SET", value: ({ clientAuthentication }) => clientAuthentication.caSetName },
  { title: "MODE", value: ({ clientAuthentication }) => clientAuthentication.mode },
  { title: "STAGING", value: ({ staging }) => progressOf(staging) },
  { title: "PRODUCTION", value: ({ production }) => progressOf(production) },
];

function progressOf({ status, percentComplete }: EdgeCertificateView["staging"]): string {
  return status === "IN_PROGRESS" ? `${percentComplete} %` : status;
}

function renderEdgeCertificates(list: readonly EdgeCertificateView[]): string {
  return renderTable(list, columns, "No edge certificate. Bind hostnames with: tcm edge-certificates create");
}
