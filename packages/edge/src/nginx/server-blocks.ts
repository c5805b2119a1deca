import type { Directive } from "./configuration-blocks.ts";

export type ServerBlock = {
  readonly directive: Directive;
  /** The directives around it, innermost first: what is not said in the server is inherited. */
  readonly outside: readonly (readonly Directive[])[];
};

/** Each `server {}` that takes connections, in whatever it stands. Those of an `upstream` take none. */
export function readServers(
  directives: readonly Directive[],
  around: readonly (readonly Directive[])[] = [],
): readonly ServerBlock[] {
  const outside = [directives, ...around];
  return directives.flatMap((directive): readonly ServerBlock[] => {
    if (directive.block === undefined || directive.name === "upstream") return [];
    return directive.name === "server" ? [{ directive, outside }] : readServers(directive.block, outside);
  });
}

/** Of the server, else inherited. */
export function valueOf(server: ServerBlock, name: string): Directive | undefined {
  for (const directives of [server.directive.block ?? [], ...server.outside]) {
    const found = directives.find((directive) => directive.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where it listens: ports, and sockets of another kind by their names. */
export function portsOf({ directive }: ServerBlock): readonly string[] {
  const listens = directive.block?.filter(({ name }) => name === "listen") ?? [];
  const addresses = listens.map(({ args }) => args[0] ?? "");
  return (addresses.length === 0 ? [""] : addresses).map((address) => {
    if (address.startsWith("unix:")) return address;
    return /^\d+(?:-\d+)?$/.exec(address)?.[0] ?? /:(\d+(?:-\d+)?)$/.exec(address)?.[1] ?? "80";
  });
}
