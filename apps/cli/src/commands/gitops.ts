import { ApiProblem } from "@tcm/api-contract";
import type { Command } from "commander";
import type { ApiClient } from "../client/api-client.ts";
import { renderProblem } from "../client/problem-text.ts";
import { fieldAdvice } from "../output/option-advice.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { checkTimeout, defaultTimeoutSeconds, followActivation, readTimeout } from "../deployment/follow-activation.ts";
import { awaitEdgeCertificate } from "../edge-certificate/await-edge-certificate.ts";
import { readActualState } from "../gitops/actual-state.ts";
import { applyPlan } from "../gitops/apply-plan.ts";
import { type DesiredCaSet, readDesiredState } from "../gitops/desired-state.ts";
import type { Plan } from "../gitops/plan.ts";
import { planChanges } from "../gitops/plan-changes.ts";
import { renderPlan, stepTitle, summarise } from "../gitops/render-plan.ts";
import { endingOfResults, renderFailure, renderResults, resultsAsJson } from "../gitops/render-results.ts";
import { confirm } from "../output/ask.ts";
import { exitCode } from "../output/exit-code.ts";
import { addServerOptions, clientOf, type ServerOptions } from "./server-command.ts";

type PlanOptions = ServerOptions & { readonly file: string; readonly prune?: true };
type ApplyOptions = PlanOptions & { readonly yes?: true; readonly wait?: true; readonly timeout: string };

export function addGitops(program: Command, context: CommandContext): void {
  const plan = program
    .command("plan")
    .summary("what tcm apply would change")
    .description("Compares the control plane with a file and shows what apply would change. Changes nothing.");
  addFileOptions(plan)
    .addHelpText("after", "\nExample:\n  tcm plan -f tcm.yaml")
    .addHelpText("after", "\nExit code 0: nothing to do. 1: there is something to do.")
    .action(async (options: PlanOptions) => {
      const found = await findPlan(clientOf(options, context), options, context);
      showPlan(found, options, context);
      context.endWith(found.steps.length === 0 ? exitCode.done : exitCode.refused);
    });

  const apply = program
    .command("apply")
    .summary("make the control plane what a file says")
    .description(
      "Shows what has to change, asks, and carries it out: contents first, staging before production, and edge certificates when both serve their set. A second run finds nothing to do. What the file does not mention stays.",
    );
  addFileOptions(apply)
    .option("--yes", "do not ask")
    .option("--wait", "wait for the end of the last step as well; earlier ones are always waited for")
    .option("--timeout <seconds>", "how long to wait for each step", checkTimeout, defaultTimeoutSeconds)
    .addHelpText("after", "\nExamples:\n  tcm apply -f tcm.yaml\n  tcm apply -f tcm.yaml --yes --wait")
    .addHelpText(
      "after",
      "\nExit code 0: done, or nothing to do. 1: a deployment failed. 3: a wait ended first. 4: refused.",
    )
    .action((options: ApplyOptions) => runApply(options, context));
}

function addFileOptions(command: Command): Command {
  return addServerOptions(
    command
      .requiredOption("-f, --file <file>", "what should be, as YAML")
      .option("--prune", "also take away what the file does not mention"),
  );
}

async function findPlan(client: ApiClient, { file, prune, json }: PlanOptions, context: CommandContext): Promise<Plan> {
  const desired = await readDesiredState(file, context.stdin);
  const plan = planChanges(desired, await readActualState(client, desired), prune === true);
  for (const step of plan.steps) if (step.kind === "create-version") await validate(client, step.set, json === true);
  return plan;
}

/** Before anybody is asked: everything that creating the version would say, with the file of each certificate. */
async function validate(client: ApiClient, set: DesiredCaSet, isJson: boolean): Promise<void> {
  try {
    await client.call("validateCertificates", { body: { ...set.options, certificates: [...set.entries] } });
  } catch (error) {
    if (!(error instanceof ApiProblem) || isJson) throw error;
    const located = renderProblem(
      error,
      (pointer) => set.places[Number(/^\/certificates\/(\d{1,4})/.exec(pointer)?.[1])],
      fieldAdvice,
    );
    throw new CommandFailure(exitCode.problem, `CA set "${set.name}":\n${located}Nothing was changed.`, {
      cause: error,
    });
  }
}

function showPlan(plan: Plan, { json }: ServerOptions, { terminal }: CommandContext): void {
  if (json) terminal.out(`${JSON.stringify(planAsJson(plan), null, 2)}\n`);
  else
    terminal.out(renderPlan(plan, terminal) + (plan.steps.length === 0 ? "Nothing to do.\n" : `${summarise(plan)}.\n`));
}

/** Without the bodies of certificates, which are in the files. */
function planAsJson({ steps }: Plan) {
  const listed = steps.map((step) => {
    if (!("set" in step)) return { step: stepTitle(step), ...step };
    const { set, ...rest } = step;
    return { step: stepTitle(step), ...rest, name: set.name };
  });
  return { steps: listed };
}

async function runApply(options: ApplyOptions, context: CommandContext): Promise<void> {
  const { terminal, now } = context;
  const client = clientOf(options, context);
  const timeoutMs = readTimeout(options.timeout) * 1000;
  const plan = await findPlan(client, options, context);
  const isJson = options.json === true;
  if (!isJson || plan.steps.length === 0) showPlan(plan, options, context);
  if (plan.steps.length === 0) return;
  if (!options.yes && !(await confirm(context, `Apply ${summarise(plan)}?`)))
    throw new CommandFailure(exitCode.refused, "Nothing was changed.");
  const ports = {
    client,
    awaitActivation: (started: Parameters<typeof followActivation>[1]) =>
      followActivation(client, started, options, context),
    awaitEdgeCertificate: (started: Parameters<typeof awaitEdgeCertificate>[1]) =>
      awaitEdgeCertificate(client, started, now() + timeoutMs, now),
  };
  const results = await applyPlan(plan, ports, options.wait === true);
  if (isJson) terminal.out(`${JSON.stringify({ steps: resultsAsJson(results) }, null, 2)}\n`);
  else terminal.out(renderResults(results, terminal));
  const failure = renderFailure(results);
  if (failure !== undefined && !isJson) terminal.err(failure);
  context.endWith(endingOfResults(results));
}
