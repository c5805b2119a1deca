import { open } from "node:fs/promises";
import type { HaproxyConfiguration, NginxConfiguration } from "@tcm/api-contract";
import {
  type EdgeEngine,
  type LoggedHandshake,
  ProxyHandshakes,
  readHaproxyLine,
  readNginxLine,
  type TrustFileEngine,
} from "@tcm/edge";
import { logged } from "../agent-log.ts";
import type { EdgeSurroundings } from "../open-edge.ts";
import { followFile } from "./follow-file.ts";
import { type LineSource, listenForLines } from "./listen-for-lines.ts";

const lookMs = 500;
const maxLogBytes = 16 * 1024 * 1024;

/** The engine of a proxy that logs its handshakes, with the reader of that log beside it. */
export async function withHandshakes(
  engine: EdgeEngine & Pick<TrustFileEngine, "state">,
  configuration: HaproxyConfiguration | NginxConfiguration,
  surroundings: EdgeSurroundings,
): Promise<EdgeEngine> {
  const handshakes = new ProxyHandshakes({ ...surroundings, state: () => engine.state() });
  const onHandshake = (handshake: LoggedHandshake | undefined): void => {
    const seen = handshake && handshakes.seen(handshake);
    if (seen !== undefined) surroundings.onHandshake(seen);
  };
  const source = await openSource(configuration, onHandshake, surroundings);
  if (source === undefined) return engine;
  return {
    description: engine.description,
    verify: (change) => engine.verify(change),
    apply: async (change) => {
      const outcome = await engine.apply(change);
      if (outcome.ok) handshakes.noteChange(change);
      return outcome;
    },
    close: async () => {
      await source.close();
      await engine.close();
    },
  };
}

async function openSource(
  configuration: HaproxyConfiguration | NginxConfiguration,
  onHandshake: (handshake: LoggedHandshake | undefined) => void,
  { log }: EdgeSurroundings,
): Promise<LineSource | undefined> {
  if (configuration.engine === "haproxy") {
    const { handshakeSocket } = configuration;
    return handshakeSocket === undefined
      ? undefined
      : listenForLines(handshakeSocket, (line) => onHandshake(readHaproxyLine(line)));
  }
  const { handshakeLog: path } = configuration;
  if (path === undefined) return undefined;
  const onProblem = (problem: string): void =>
    log.warn({ path: logged(path), problem: logged(problem) }, "the proxy's log of handshakes cannot be followed");
  await makeLog(path);
  return followFile({
    path,
    onLine: (line) => onHandshake(readNginxLine(line)),
    onProblem,
    lookMs,
    maxBytes: maxLogBytes,
  });
}

/**
 * NGINX opens it whoever made it. Once it is told to open its logs again it gives them to its own user, and leaves the group: by that the
 * agent reads on. A file that is there is left as it is.
 */
async function makeLog(path: string): Promise<void> {
  const file = await open(path, "ax").catch(() => undefined);
  await file?.chmod(0o660);
  await file?.close();
}
