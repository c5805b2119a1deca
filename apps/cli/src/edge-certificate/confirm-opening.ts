import { ApiProblem } from "@tcm/api-contract";
import { escapeText } from "@tcm/core";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { confirm, isInteractive } from "../output/ask.ts";
import { exitCode } from "../output/exit-code.ts";

/**
 * Sends a change; when the server says that it opens trust, shows what and asks, and sends it again only for a yes. `--yes` says it
 * beforehand. Where nobody can be asked, the refusal of the server stands.
 */
export async function sendConfirmed<T>(
  send: (query: { readonly confirm?: true }) => Promise<T>,
  { yes }: { readonly yes?: true },
  context: CommandContext,
): Promise<T> {
  if (yes) return send({ confirm: true });
  try {
    return await send({});
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== "confirmation-required") throw error;
    if (!isInteractive(context.stdin)) throw error;
    context.terminal.err(`${escapeText(error.problem.detail)}\n`);
    if (!(await confirm(context, "Open it?"))) throw new CommandFailure(exitCode.refused, "Nothing was changed.");
    return send({ confirm: true });
  }
}
