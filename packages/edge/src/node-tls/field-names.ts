/** Name and value in turn, as Node gives and takes raw header fields. */
export type RawFields = readonly string[];

export function* fieldsOf(raw: RawFields): Generator<readonly [name: string, value: string]> {
  for (let i = 0; i + 1 < raw.length; i += 2) yield [raw[i] as string, raw[i + 1] as string];
}

export function valuesOf(raw: RawFields, wanted: string): readonly string[] {
  const values: string[] = [];
  // Several times for every request: no list of pairs for it.
  for (let i = 0; i + 1 < raw.length; i += 2) if (raw[i]?.toLowerCase() === wanted) values.push(raw[i + 1] as string);
  return values;
}

/**
 * One spelling for all that an application server could take for the same name. CGI and its heirs turn every `-` into `_`
 * (RFC 3875 §4.1.18), and some every other sign as well: `Client_Cert` arrives there as `Client-Cert`.
 */
export function foldFieldName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "-");
}

/** Meant for the next hop alone: RFC 9110 §7.6.1. `trailer` and `te` too, since trailers are not passed on. */
const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "proxy-connection",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "proxy-authorization",
  "proxy-authenticate",
  "proxy-authentication-info",
]);

/** Folded names that do not go past this hop: the fixed ones, and those that the message's own Connection names. */
export function hopByHopNames(raw: RawFields): ReadonlySet<string> {
  const named = valuesOf(raw, "connection").flatMap((value) => value.split(","));
  return new Set([...hopByHop, ...named.map((name) => foldFieldName(name.trim()))]);
}

export type GroupedFields = Readonly<Record<string, string | string[]>>;

/** Repeated fields keep their order, and each its own line: Set-Cookie cannot be joined. */
export function groupFields(fields: Iterable<readonly [string, string]>): GroupedFields {
  const grouped = Map.groupBy(fields, ([name]) => name.toLowerCase());
  return Object.fromEntries(
    [...grouped].map(([name, lines]) => {
      const values = lines.map(([, value]) => value);
      return [name, values.length === 1 ? (values[0] as string) : values];
    }),
  );
}
