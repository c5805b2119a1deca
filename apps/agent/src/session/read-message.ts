import { type ControlPlaneMessage, controlPlaneMessage } from "@tcm/api-contract";

/** A message whose envelope is checked; the entries of an announcement are read one by one by whoever keeps them. */
export type ReceivedMessage =
  | Exclude<ControlPlaneMessage, { readonly type: "announce" }>
  | { readonly type: "announce"; readonly complete: boolean; readonly entries: readonly unknown[] };

/** As the protocol says of one announcement. */
const maxEntries = 2_000;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** One line of the session; a string says why it is none of this protocol. */
export function readMessage(line: Uint8Array): ReceivedMessage | string {
  const value = parseObject(line);
  if (typeof value === "string") return value;
  const { entries } = value;
  const isAnnouncement = value["type"] === "announce";
  if (isAnnouncement && !Array.isArray(entries)) return "an announcement without entries";
  const parsed = controlPlaneMessage.safeParse(isAnnouncement ? { ...value, entries: [] } : value);
  if (!parsed.success) return "not a message of this protocol";
  if (parsed.data.type !== "announce") return parsed.data;
  const listed = entries as readonly unknown[];
  if (listed.length > maxEntries) return `an announcement of ${listed.length} entries, of at most ${maxEntries}`;
  return { type: "announce", complete: parsed.data.complete, entries: listed };
}

function parseObject(line: Uint8Array): Readonly<Record<string, unknown>> | string {
  try {
    const value: unknown = JSON.parse(utf8.decode(line));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : "not an object";
  } catch {
    return "not JSON in UTF-8";
  }
}
