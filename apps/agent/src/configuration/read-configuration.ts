import { readFileSync, statSync } from "node:fs";
import { type AgentConfiguration, agentConfiguration, maxAgentConfigurationBytes } from "@tcm/api-contract";
import { StartError } from "../start-error.ts";

/** Reads the file of `--config`. Throws a StartError that names the field which is wrong, all of them at once. */
export function readConfiguration(file: string): AgentConfiguration {
  const value = parse(file, readText(file));
  const { success, data, error } = agentConfiguration.safeParse(value);
  if (!success) {
    const found = error.issues.map(({ path, message }) => `${path.join(".") || "the whole"}: ${message}`);
    throw new StartError(`The configuration ${file} is not right. ${found.slice(0, 10).join("; ")}.`);
  }
  const doubled = twice(data.engine === "built-in" ? [] : data.listeners.map(addressOf));
  if (doubled !== undefined) throw new StartError(`The configuration ${file} names the listener ${doubled} twice.`);
  return data;
}

function readText(file: string): string {
  try {
    if (statSync(file).size > maxAgentConfigurationBytes) {
      throw new StartError(`The configuration ${file} is larger than ${maxAgentConfigurationBytes} bytes.`);
    }
    return readFileSync(file, "utf8");
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "does not exist" : `cannot be read (${code ?? "unknown"})`;
    throw new StartError(`The configuration ${file} ${reason}.`, { cause });
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new StartError(`The configuration ${file} is not JSON: ${(cause as Error).message}.`, { cause });
  }
}

/** One address may guard several names, by SNI; each of them one entry. */
function addressOf({ host, port, serverName }: { host: string; port: number; serverName: string }): string {
  return `${host}:${port} ${serverName.toLowerCase()}`;
}

function twice(texts: readonly string[]): string | undefined {
  return texts.find((text, position) => texts.indexOf(text) < position);
}
