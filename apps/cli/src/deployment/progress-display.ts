import type { Terminal } from "../output/terminal.ts";
import type { Progress } from "./await-activation.ts";
import { renderChanges, renderEnd, renderLiveProgress } from "./progress-text.ts";

export type ProgressDisplay = {
  readonly show: (progress: Progress) => void;
  /** The last word about it; what was rewritten in place makes room for it. */
  readonly end: (progress: Progress, tookMs: number) => void;
};

/** Rewrites a block where a person is watching, and adds lines everywhere else. */
export function progressDisplay(terminal: Terminal): ProgressDisplay {
  return terminal.live ? liveDisplay(terminal) : lineDisplay(terminal);
}

function liveDisplay(terminal: Terminal): ProgressDisplay {
  let height = 0;
  const erase = (): string => (height === 0 ? "" : `\u001b[${height}A\u001b[0J`);
  return {
    show(progress) {
      const lines = renderLiveProgress(progress, terminal.columns);
      terminal.out(`${erase()}${lines.join("\n")}\n`);
      height = lines.length;
    },
    end(progress, tookMs) {
      terminal.out(`${erase()}${renderEnd(progress, tookMs, terminal)}`);
      height = 0;
    },
  };
}

function lineDisplay(terminal: Terminal): ProgressDisplay {
  let shown: Progress | undefined;
  return {
    show(progress) {
      for (const line of renderChanges(shown, progress)) terminal.out(`${line}\n`);
      shown = progress;
    },
    end: (progress, tookMs) => terminal.out(renderEnd(progress, tookMs, terminal)),
  };
}

/** For `--json`: the result alone counts. */
export const silentDisplay: ProgressDisplay = { show: () => undefined, end: () => undefined };
