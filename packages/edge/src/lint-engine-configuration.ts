import { lintHaproxy } from "./haproxy/lint.ts";
import { lintNginx } from "./nginx/lint.ts";
import type { EngineFinding } from "./trust-files/engine-finding.ts";

export type EngineConfiguration = {
  readonly engine: "haproxy" | "nginx";
  readonly version: string;
  /** HAProxy: its configuration file. nginx: what `nginx -T` prints, or the file. */
  readonly configuration: string;
};

/** What would keep trust alive after a removal, or make a proof worthless, in an order that stays. Pure. */
export function lintEngineConfiguration({
  engine,
  version,
  configuration,
}: EngineConfiguration): readonly EngineFinding[] {
  if (engine === "nginx") return lintNginx(configuration);
  return lintHaproxy(version, { files: [{ name: "", text: configuration }] });
}
