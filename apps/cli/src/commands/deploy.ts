import type { ActivationView, CaSetView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import type { Command } from "commander";
import type { ApiClient } from "../client/api-client.ts";
import { findCaSet, parseVersionReference, type VersionPath, versionOrLatest } from "../client/find-ca-set.ts";
import type { CommandContext } from "../command-context.ts";
import {
  checkTimeout,
  defaultTimeoutSeconds,
  endingOf,
  followActivation,
  type FollowOptions,
  renderActivations,
  renderStarted,
} from "../deployment/follow-activation.ts";
import { activeVersion, hasFailed, listActivations } from "../deployment/list-activations.ts";
import { networkName, networkOf, networkOption, type NetworkWord } from "../deployment/network-option.ts";
import { addOneNodeFirst, type OneNodeFirstOptions, strategyOf } from "../deployment/one-node-first.ts";
import { exitCode } from "../output/exit-code.ts";
import { addServerOptions, clientOf } from "./server-command.ts";

type DeployOptions = FollowOptions &
  OneNodeFirstOptions & {
    readonly network: NetworkWord | "both";
    readonly ifMatch?: string;
  };

export function addDeploy(program: Command, context: CommandContext): void {
  const command = program
    .command("deploy")
    .summary("deploy a version to staging, production or both")
    .description(
      "Deploys a version of a CA set. On both networks, staging goes first and production starts only when staging is COMPLETE.",
    )
    .argument("<name[@version]>", "CA set by name or id; without a version, its latest")
    .addOption(networkOption(["staging", "production", "both"]).default("both"))
    .option("--if-match <tag>", "only as it was reviewed: the tag that tcm versions show printed then")
    .option("--wait", "wait until every node has proved it, and show the way there")
    .option("--timeout <seconds>", "how long to wait for one network", checkTimeout, defaultTimeoutSeconds);
  addOneNodeFirst(command);
  addServerOptions(command)
    .addHelpText("after", "\nExamples:\n  tcm deploy partners --wait\n  tcm deploy partners@3 --network staging --wait")
    .addHelpText(
      "after",
      "\nA network where the version is active already is passed over, and counts as done, unless its deployment failed there.",
    )
    .addHelpText(
      "after",
      "\nExit code 0: done, or begun without --wait. 1: failed. 3: the wait ended first. 4: refused.",
    )
    .action(async (reference: string, options: DeployOptions) => {
      const client = clientOf(options, context);
      const { caSet: name, version } = parseVersionReference(reference);
      const caSet = await findCaSet(client, name);
      await deploy(client, caSet, versionOrLatest(caSet, version), options, context);
    });
}

/** Without a tag of a review it is at least what is there now, on every network. */
async function tagOf(client: ApiClient, params: VersionPath, reviewed: string | undefined) {
  const tag = reviewed === undefined ? (await client.send("getVersion", { params })).etag : quoted(reviewed);
  return tag === undefined ? {} : { ifMatch: tag };
}

/** A tag has quotes (RFC 9110 §8.8.3), which shells take away. */
function quoted(tag: string): string {
  return `"${tag.replace(/^"|"$/g, "")}"`;
}

/** What is active may be on its way out, and then it is not there for long; or not every node has proved it. */
async function isUnsettled(client: ApiClient, caSet: CaSetView, version: number, network: Network): Promise<boolean> {
  const known = await listActivations(client, caSet);
  const isChanging = known.some((one) => one.network === network && one.activationStatus === "IN_PROGRESS");
  return isChanging || hasFailed(version, network, known);
}

async function deploy(
  client: ApiClient,
  caSet: CaSetView,
  version: number,
  options: DeployOptions,
  context: CommandContext,
): Promise<void> {
  const networks: readonly Network[] =
    options.network === "both" ? ["STAGING", "PRODUCTION"] : [networkOf(options.network)];
  const activations: ActivationView[] = [];
  const { caSetId } = caSet;
  const guard = await tagOf(client, { caSetId, version }, options.ifMatch);
  const say = (text: string): void => (options.json ? undefined : context.terminal.out(text));
  for (const [index, network] of networks.entries()) {
    const isLast = index === networks.length - 1;
    if (activeVersion(caSet, network) === version && !(await isUnsettled(client, caSet, version, network))) {
      say(`${networkName[network].padEnd(10)}  ${caSet.caSetName}@${version} is active already\n`);
      continue;
    }
    const started = await client.call("activateVersion", {
      params: { caSetId, version },
      body: { network, ...strategyOf(options) },
      ...guard,
    });
    say(renderStarted(started));
    const known = options.wait || !isLast ? await followActivation(client, started, options, context) : started;
    activations.push(known);
    if (!isLast && known.activationStatus !== "COMPLETE") {
      say("production  not started, since staging is not COMPLETE\n");
      context.endWith(known.activationStatus === "FAILED" ? exitCode.refused : exitCode.undetermined);
      break;
    }
    context.endWith(endingOf(activations, options.wait === true));
  }
  if (options.json) context.terminal.out(renderActivations(activations));
}
