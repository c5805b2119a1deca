/** Where a command writes, handed in so that tests can read it. */
export type Terminal = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly colour: boolean;
  /** True when lines may be rewritten in place: a person is watching. */
  readonly live: boolean;
  /** Characters in a line; some terminals say 0, and then nobody knows. */
  readonly columns: number;
};

export function processTerminal(): Terminal {
  const tty = process.stdout.isTTY;
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    colour: tty && process.env["NO_COLOR"] === undefined,
    live: tty,
    columns: process.stdout.columns || 100,
  };
}

type Style = "bold" | "dim" | "green" | "red" | "yellow";

const codes: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
};

export function styled(terminal: Pick<Terminal, "colour">, style: Style, text: string): string {
  if (!terminal.colour) return text;
  const [on, off] = codes[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}
