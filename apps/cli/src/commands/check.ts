import { renderTree, splitFiles } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import type { Command } from "commander";
import { checkInput, type CheckResult } from "../check/check-input.ts";
import { readInput } from "../check/read-input.ts";
import type { CommandContext } from "../command-context.ts";
import { count } from "../output/count.ts";
import { exitCode } from "../output/exit-code.ts";
import { renderFinding } from "../output/finding-text.ts";
import { styled, type Terminal } from "../output/terminal.ts";
import {
  addVersionOptions,
  applyVersionOptions,
  type GivenVersionOptions,
  versionDefaults,
} from "./version-options.ts";

export function addCheck(program: Command, context: CommandContext): void {
  const command = program
    .command("check")
    .summary("validate PEM files offline, as a new version would be")
    .description(
      "Validates PEM files as the server would validate a new version of them. Needs no server; sends nothing.",
    )
    .argument("<file...>", 'PEM files, each with one or many certificates; "-" is standard input');
  addVersionOptions(command)
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  tcm check roots.pem issuing.pem\n  cat bundle.pem | tcm check --no-require-root -",
    )
    .addHelpText("after", "\nExit code 0: a version could be made of it. 1: it could not.")
    .action(async (files: readonly string[], options: GivenVersionOptions & { readonly json?: true }) => {
      const split = splitFiles(await readInput(files, context.stdin));
      const now = Math.floor(context.now() / 1000);
      const result = checkInput(split, applyVersionOptions(versionDefaults, options), now, nodeCrypto);
      context.terminal.out(
        options.json ? `${JSON.stringify(result, null, 2)}\n` : renderCheck(result, context.terminal),
      );
      context.endWith(result.ok ? exitCode.done : exitCode.refused);
    });
}

function renderCheck({ ok, certificates, findings, trustChains }: CheckResult, terminal: Terminal): string {
  const number = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
  const errors = count(number("error"), "error");
  const warnings = count(number("warning"), "warning");
  const advisories = count(number("advice"), "advisory", "advisories");
  const verdict = ok ? styled(terminal, "green", "valid") : styled(terminal, "red", "not valid");
  const notCas = new Set(
    findings.flatMap(({ code, fingerprint }) => (code === "not-a-ca-certificate" && fingerprint ? [fingerprint] : [])),
  );
  const listed = findings.map((finding) => renderFinding(finding, terminal)).join("");
  const parts = [
    renderTree(trustChains, notCas),
    listed,
    `${verdict}: ${count(certificates, "certificate")}, ${errors}, ${warnings}, ${advisories}\n`,
  ];
  return parts.filter((part) => part !== "").join("\n");
}
