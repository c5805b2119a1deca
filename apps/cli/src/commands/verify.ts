import type { EffectiveTrustView } from "@tcm/api-contract";
import {
  type Certificate,
  type CertificateRevocationList,
  type DescribedPathResult,
  type EffectiveTrust,
  escapeText,
  type PathProfile,
  readCrls,
  renderPathResult,
} from "@tcm/core";
import { type Command, Option } from "commander";
import { readBytes } from "../check/read-input.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { networkOf, networkOption, type NetworkWord } from "../deployment/network-option.ts";
import { exitCode } from "../output/exit-code.ts";
import { renderEffectiveTrust } from "../verify/effective-trust-text.ts";
import { parseCertificates, type ReadCertificates, readCertificateFile } from "../verify/read-certificates.ts";
import { trustOf, verifyOffline } from "../verify/verify-offline.ts";
import { askServer, findTarget, isFile } from "../verify/verify-target.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";

type VerifyOptions = ServerOptions & {
  readonly caSet: string;
  readonly network?: NetworkWord;
  readonly time?: string;
  readonly profile: PathProfile;
  readonly crl?: readonly string[];
  readonly allowSha1?: true;
};

type Verdict = DescribedPathResult & { readonly effectiveTrust: EffectiveTrust | EffectiveTrustView };

export function addVerify(program: Command, context: CommandContext): void {
  const command = program
    .command("verify")
    .summary("would an edge let this client in, and why")
    .description(
      "Tries a client's certificate on a CA set and shows every path that was tried. With a file as --ca-set nothing is sent and no server is needed; with a name the control plane decides.",
    )
    .argument(
      "<client-chain>",
      'PEM file: the client\'s certificate first, then what it sends with it; "-" is standard input',
    )
    .requiredOption(
      "--ca-set <file|name[@version]>",
      "PEM file with the anchors, or a CA set; without a version, its latest",
    )
    .addOption(networkOption(["staging", "production"]))
    .option("--time <iso>", "when, such as 2026-11-24T18:00:00Z (default: now)")
    .addOption(
      new Option("--profile <profile>", "what edges accept, or RFC 5280 to the letter")
        .choices(["compat", "strict"])
        .default("compat"),
    )
    .option("--crl <file...>", "revocation lists, DER or PEM; a certificate whose status they do not tell is refused")
    .option("--allow-sha1", "take SHA-1 signatures");
  addServerOptions(command)
    .addHelpText("after", "\nExamples:\n  tcm verify --ca-set partners.pem client.pem")
    .addHelpText("after", "  tcm verify --ca-set partners --network production client.pem")
    .addHelpText("after", "\nExit code 0: accepted. 1: refused. 3: undetermined, which an edge refuses too.")
    .action(async (file: string, options: VerifyOptions) => verify(file, options, context));
}

async function verify(file: string, options: VerifyOptions, context: CommandContext): Promise<void> {
  if (options.network !== undefined && isFile(options.caSet))
    throw usage("--network goes with the name of a CA set; a file is on no network.");
  const time = readTime(options.time, context.now());
  const chain = await readCertificateFile(file, context.stdin);
  const crls = await readCrlFiles(options.crl ?? [], context);
  const verdict = await findVerdict({ chain, crls, time }, options, context);
  print(
    context,
    options,
    verdict,
    () => `${renderPathResult(verdict)}\n${renderEffectiveTrust(verdict.effectiveTrust)}`,
  );
  context.endWith(endings[verdict.verdict]);
}

const endings = { accepted: exitCode.done, refused: exitCode.refused, undetermined: exitCode.undetermined } as const;

type Question = {
  readonly chain: ReadCertificates;
  readonly crls: readonly CertificateRevocationList[];
  /** Milliseconds since 1970. */
  readonly time: number;
};

/** Lists, the strict profile and SHA-1 are judged here, with the anchors of the version: no edge of ours looks at them. */
async function findVerdict(question: Question, options: VerifyOptions, context: CommandContext): Promise<Verdict> {
  if (isFile(options.caSet)) {
    const { certificates } = await readCertificateFile(options.caSet, context.stdin);
    return { ...judge(question, options, certificates), effectiveTrust: trustOf(certificates) };
  }
  const client = clientOf(options, context);
  const network = options.network === undefined ? undefined : networkOf(options.network);
  const target = await findTarget(client, options.caSet, network);
  const effectiveTrust = await client.call("getEffectiveTrust", { params: target });
  if (options.profile === "compat" && options.crl === undefined && options.allowSha1 === undefined) {
    const time = options.time === undefined ? undefined : new Date(question.time).toISOString();
    return { ...(await askServer(client, target, question.chain.pem, time)), effectiveTrust } as Verdict;
  }
  const bundle = await client.call("getBundle", { params: target });
  const { certificates } = parseCertificates([{ name: options.caSet, text: bundle }]);
  return { ...judge(question, options, certificates), effectiveTrust };
}

function judge(
  { chain, crls, time }: Question,
  { profile, allowSha1 }: VerifyOptions,
  anchors: readonly Certificate[],
): DescribedPathResult {
  const [leaf, ...rest] = chain.certificates;
  if (leaf === undefined) throw usage("The chain has no certificate.");
  return verifyOffline({
    anchors,
    presented: [leaf, ...rest],
    time: Math.floor(time / 1000),
    profile,
    allowSha1: allowSha1 === true,
    crls,
  });
}

/** A date with its offset: the time of day of somebody's own clock would be a guess. */
function readTime(text: string | undefined, now: number): number {
  if (text === undefined) return now;
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const time = isInstant ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw usage(`"${escapeText(text)}" is no time. Write it like 2026-11-24T18:00:00Z.`);
}

async function readCrlFiles(
  names: readonly string[],
  { stdin }: CommandContext,
): Promise<readonly CertificateRevocationList[]> {
  return (await readBytes(names, stdin)).flatMap(({ name, bytes }) => {
    const { crls, problems } = readCrls(bytes);
    const [first] = problems;
    if (first === undefined) return crls;
    throw usage(`${name}, list ${first.position}: ${first.code}, expected ${first.expected}.`);
  });
}

function usage(message: string): CommandFailure {
  return new CommandFailure(exitCode.usage, message);
}
