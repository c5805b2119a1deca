import { caFileBatches } from "./ca-file-batches.ts";

/** A line for the runtime socket, and its answer. */
export type Ask = (command: string) => Promise<string>;

/**
 * Makes the anchors of a PEM text those of a loaded file, in memory. Nothing changes for any connection before `commitCaFile`.
 * Throws the engine's words, with the transaction called off.
 */
export async function stageCaFile(ask: Ask, path: string, pem: string): Promise<void> {
  try {
    for (const [position, batch] of caFileBatches(pem).entries()) {
      const command = `${position === 0 ? "set" : "add"} ssl ca-file ${path} <<\n${batch}`;
      const answer = position === 0 ? await askOnceFree(ask, command) : await ask(command);
      if (!/^transaction (?:created|updated) for CA /m.test(answer)) throw new Error(words(answer));
    }
  } catch (error) {
    await ask(`abort ssl ca-file ${path}`).catch(() => undefined);
    throw error;
  }
}

/** HAProxy holds one transaction at a time; one that a killed process has left behind is called off. */
async function askOnceFree(ask: Ask, command: string): Promise<string> {
  const answer = await ask(command);
  const [, other] = /ongoing transaction is about '([^' ]+)'/.exec(answer) ?? [];
  if (other === undefined) return answer;
  await ask(`abort ssl ca-file ${other}`);
  return ask(command);
}

/** Puts what was staged before every new handshake. Throws the engine's words. */
export async function commitCaFile(ask: Ask, path: string): Promise<void> {
  const answer = await ask(`commit ssl ca-file ${path}`);
  if (!/^Success!$/m.test(answer)) throw new Error(words(answer));
}

function words(answer: string): string {
  return `HAProxy: ${answer.replace(/\s+/g, " ").slice(0, 500) || "no answer"}`;
}
