import type { ActivationView } from "@tcm/api-contract";
import type { ApiClient } from "../client/api-client.ts";
import { renderItem } from "../client/problem-text.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import type { ServerOptions } from "../client/connection.ts";
import { type ExitCode, exitCode } from "../output/exit-code.ts";
import { awaitActivation } from "./await-activation.ts";
import { progressDisplay, silentDisplay } from "./progress-display.ts";
import { renderSubject } from "./progress-text.ts";

export type FollowOptions = ServerOptions & { readonly wait?: true; readonly timeout: string };

/** Above the server's deadline of 10 minutes, so that the wait ends with the server's own words. */
export const defaultTimeoutSeconds = "660";

/** Waits for the end and shows the way there. */
export async function followActivation(
  client: ApiClient,
  started: ActivationView,
  { timeout, json }: FollowOptions,
  { terminal, now }: CommandContext,
): Promise<ActivationView> {
  const display = json === true ? silentDisplay : progressDisplay(terminal);
  const startedAt = now();
  const until = startedAt + readTimeout(timeout) * 1000;
  const progress = await awaitActivation(client, started, { until, now, onProgress: display.show });
  display.end(progress, now() - startedAt);
  return progress.activation;
}

/** Shows one activation that was begun, to its end where that is asked for, and decides the exit code. */
export async function presentActivation(
  client: ApiClient,
  started: ActivationView,
  options: FollowOptions,
  context: CommandContext,
): Promise<void> {
  const isWaited = options.wait === true;
  if (!options.json) context.terminal.out(renderStarted(started));
  const known = isWaited ? await followActivation(client, started, options, context) : started;
  if (options.json) context.terminal.out(renderActivations([known]));
  context.endWith(endingOf([known], isWaited));
}

/** For `--json`: the shape of the API's own lists. */
export function renderActivations(activations: readonly ActivationView[]): string {
  return `${JSON.stringify({ activations }, null, 2)}\n`;
}

/** Says what was begun and its warnings. */
export function renderStarted(started: ActivationView): string {
  const warnings = (started.validation?.warnings ?? []).map((item) => renderItem("warning", item));
  return `${renderSubject(started)}  started as activation ${started.activationId}\n${warnings.join("")}`;
}

/** Exit code of what is known about the activations in the end. */
export function endingOf(activations: readonly ActivationView[], waited: boolean): ExitCode {
  if (activations.some(({ activationStatus }) => activationStatus === "FAILED")) return exitCode.refused;
  const running = activations.some(({ activationStatus }) => activationStatus === "IN_PROGRESS");
  return running && waited ? exitCode.undetermined : exitCode.done;
}

/** For `--timeout`, before anything is asked of the server: a typing error must not leave a deployment behind. */
export function checkTimeout(text: string): string {
  readTimeout(text);
  return text;
}

/** Seconds, as given. */
export function readTimeout(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds >= 0 && seconds <= 86_400) return seconds;
  throw new CommandFailure(exitCode.usage, `"${text}" is no time limit. Give seconds, at most 86400.`);
}
