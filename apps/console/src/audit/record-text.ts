import { apiBasePath, type AuditRecordView } from "@tcm/api-contract";
import { problemCatalogue } from "@tcm/core";
import { networkName } from "../text/network-name.ts";
import { timesInText } from "../text/time-text.ts";
import { wordsOf } from "./action-words.ts";

export type RecordText = {
  readonly what: string;
  /** What it concerns, and the page of that; undefined where there is none. */
  readonly about: { readonly text: string; readonly path: string | undefined } | undefined;
  /** Everything else that the record says. */
  readonly more: string;
  /** Undefined: it was done. */
  readonly refusedFor: string | undefined;
};

type Subject = Readonly<Record<string, unknown>>;
/** Names of sets by their id, as far as they are known. */
export type SetNames = ReadonlyMap<string, string>;

/** A record in words. Pure. Whatever is in it is text, and nothing of it becomes an address but numbers and names of ours. */
export function recordText({ action, subject, outcome }: AuditRecordView, names: SetNames): RecordText {
  const { about, used } = aboutOf(subject, names);
  const rest = Object.entries(subject).filter(([key]) => !used.includes(key));
  return {
    what: wordsOf(action),
    about,
    more: rest.map(([key, value]) => `${wordsOfKey(key)} ${valueText(value)}`).join(", "),
    refusedFor: outcome === "done" ? undefined : outcomeText(outcome),
  };
}

type About = { readonly about: RecordText["about"]; readonly used: readonly string[] };

function aboutOf(subject: Subject, names: SetNames): About {
  const { caSetId, version, network, nodeId, name, path } = subject;
  if (isId(caSetId)) {
    const set = `/ca-sets/${caSetId}`;
    const text = [
      names.get(caSetId) ?? `set ${caSetId}`,
      ...(isNumber(version) ? [`version ${version}`] : []),
      ...(isNetwork(network) ? [`on ${networkName[network]}`] : []),
    ].join(" ");
    const target = isNumber(version) ? `${set}/versions/${version}` : set;
    return { about: { text, path: target }, used: ["caSetId", "version", "network"] };
  }
  if (typeof nodeId === "string") {
    const text = `${nodeId}${isNetwork(network) ? ` of ${networkName[network]}` : ""}`;
    return { about: { text, path: `/edge-nodes/${encodeURIComponent(nodeId)}` }, used: ["nodeId", "network"] };
  }
  if (isNumber(subject["edgeCertificateId"]))
    return plain(`edge certificate ${subject["edgeCertificateId"]}`, "/edge-certificates", ["edgeCertificateId"]);
  if (isNumber(subject["tokenId"]))
    return plain(named(name, `number ${subject["tokenId"]}`), "/credentials", ["tokenId", "name"]);
  if (isNumber(subject["apiClientId"]))
    return plain(named(name, `number ${subject["apiClientId"]}`), "/credentials", ["apiClientId", "name"]);
  if (isNumber(subject["userId"])) return plain(named(name, `user ${subject["userId"]}`), "/users", ["userId", "name"]);
  if (typeof path === "string") return requestOf(path, names);
  return { about: undefined, used: [] };
}

/** A request that was refused: by its path one sees which set it was about. */
function requestOf(path: string, names: SetNames): About {
  const edgeCertificateId = /\/edge-certificates\/(\d{1,10})$/.exec(path)?.[1];
  if (edgeCertificateId !== undefined)
    return { ...aboutOf({ edgeCertificateId: Number(edgeCertificateId) }, names), used: ["path"] };
  const [, id, version] = /\/ca-sets\/(\d{1,10})(?:\/versions\/(\d{1,10}))?/.exec(path) ?? [];
  if (id === undefined) return { about: { text: path.replace(apiBasePath, ""), path: undefined }, used: ["path"] };
  const found = aboutOf({ caSetId: id, ...(version !== undefined && { version: Number(version) }) }, names);
  return { about: found.about, used: [] };
}

function plain(text: string, path: string, used: readonly string[]): About {
  return { about: { text, path }, used };
}

/** What was done names the kind already. */
function named(name: unknown, otherwise: string): string {
  return typeof name === "string" ? name : otherwise;
}

function isId(value: unknown): value is string {
  return typeof value === "string" && /^\d{1,10}$/.test(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value);
}

function isNetwork(value: unknown): value is keyof typeof networkName {
  return value === "STAGING" || value === "PRODUCTION";
}

/** "expiryDate" is "expiry date". */
function wordsOfKey(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function valueText(value: unknown): string {
  if (isNetwork(value)) return networkName[value];
  return typeof value === "string" ? timesInText(value) : value === null ? "none" : JSON.stringify(value);
}

export function outcomeText(outcome: string): string {
  const known = Object.hasOwn(problemCatalogue, outcome) ? (outcome as keyof typeof problemCatalogue) : undefined;
  return known === undefined ? outcome : problemCatalogue[known].title;
}
