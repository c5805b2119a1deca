import type { HaproxyConfiguration, ListenerConfiguration, NginxConfiguration } from "@tcm/api-contract";
import {
  EngineAway,
  type EngineListener,
  findingText,
  openHaproxyEngine,
  openNginxEngine,
  type TrustFileEngine,
} from "@tcm/edge";
import type { OpenedEngine } from "./agent.ts";
import { logged } from "./agent-log.ts";
import type { EdgeSurroundings } from "./open-edge.ts";
import { StartError, words } from "./start-error.ts";
import { withHandshakes } from "./telemetry/proxy-log.ts";

const engineName = { haproxy: "HAProxy", nginx: "nginx" } as const;

/** Finds the operator's proxy and says what its configuration leaves open. Throws a StartError when it cannot be driven. */
export async function openProxy(
  configuration: HaproxyConfiguration | NginxConfiguration,
  surroundings: EdgeSurroundings,
): Promise<OpenedEngine> {
  try {
    const engine = await open(configuration, surroundings);
    sayFindings(engine, surroundings);
    return {
      engine: await withHandshakes(engine, configuration, surroundings),
      address: addressOf(configuration.listeners),
    };
  } catch (cause) {
    const name = engineName[configuration.engine];
    const next =
      cause instanceof EngineAway
        ? ` The trust files are there: start ${name} with that socket, open to this user.`
        : "";
    throw new StartError(`${name} cannot be driven: ${words(cause)}.${next}`, { cause });
  }
}

function open(
  configuration: HaproxyConfiguration | NginxConfiguration,
  { network, crypto, clock }: EdgeSurroundings,
): Promise<TrustFileEngine> {
  const { trustDirectory: directory, graceSeconds } = configuration;
  const listeners = configuration.listeners.map(readListener);
  const timing = graceSeconds === undefined ? {} : { graceMs: graceSeconds * 1_000 };
  const shared = { network, crypto, clock, directory, listeners, timing };
  if (configuration.engine === "haproxy") {
    const { runtimeSocket, masterSocket, configuration: configurationPath } = configuration;
    return openHaproxyEngine({ ...shared, runtimeSocket, masterSocket, configurationPath });
  }
  const { program = "nginx", configuration: configurationPath, pidFile: pidPath } = configuration;
  return openNginxEngine({ ...shared, binary: program, configurationPath, pidPath });
}

function readListener({ entry, host, port, serverName, sendsCaNames = false }: ListenerConfiguration): EngineListener {
  return { entryId: entry, host, port, serverName, sendsCaNames };
}

/** A removal on such a node is applied and never called verified; whoever runs it learns why before there is one. */
function sayFindings(engine: TrustFileEngine, { log }: EdgeSurroundings): void {
  for (const finding of engine.findings) {
    const { code, severity } = finding;
    log.warn(
      { code, severity, detail: logged(findingText(finding)) },
      "the proxy's configuration leaves something open",
    );
  }
}

/** Where a node of many listeners is shown to be: at the first. */
function addressOf([first]: readonly ListenerConfiguration[]): string {
  if (first === undefined) return "none:0";
  return first.host.includes(":") ? `[${first.host}]:${first.port}` : `${first.host}:${first.port}`;
}
