import type { ApiProblem, ProblemItemView } from "@tcm/api-contract";
import { escapeText, findingDetail, isFindingCode } from "@tcm/core";
import { wordsOfFiles } from "../output/finding-words.ts";
import { optionAdvice } from "../output/option-advice.ts";

/** Where the part of a request that a JSON pointer names came from, such as `partners.pem, certificate 2`. */
export type LocatePointer = (pointer: string) => string | undefined;

/** The lines to add to what the texts of the API advise, by code. */
type Advise = (code: string) => readonly string[];

const nowhere: LocatePointer = () => undefined;

/** A problem for people: its code, what happened, then every single error. */
export function renderProblem(
  { code, problem }: ApiProblem,
  locate: LocatePointer = nowhere,
  advise: Advise = optionAdvice,
): string {
  const { title, detail, errors = [] } = problem;
  const isSaidTwice = errors.length === 1 && errors[0]?.detail === detail;
  const lines = [`${title} (${code}): ${detail}`, ...advise(code)];
  const items = isSaidTwice ? [] : errors.map((item) => renderItem("error", item, locate, advise));
  return `${lines.map((line) => `${escapeText(line)}\n`).join("")}${items.join("")}`;
}

/** One error, warning or piece of advice with all that finds the certificate it is about. */
export function renderItem(
  word: string,
  item: ProblemItemView,
  locate: LocatePointer = nowhere,
  advise: Advise = optionAdvice,
): string {
  const { pointer, contextInfo = {} } = item;
  const at = pointer === undefined ? undefined : (locate(pointer) ?? pointer);
  const subject = textOf(contextInfo["subject"]);
  const fingerprint = textOf(contextInfo["fingerprint"] ?? contextInfo["fingerPrint"]);
  const lines = [
    `${word}: ${itemCode(item)}${at === undefined ? "" : `  ${at}`}`,
    ...(subject === undefined ? [] : [`  ${subject}`]),
    ...(fingerprint === undefined ? [] : [`  SHA-256 ${fingerprint}`]),
    `  ${detailOf(item, locate)}`,
    ...(word === "error" ? advise(itemCode(item)).map((line) => `  ${line}`) : []),
  ];
  return lines.map((line) => `${escapeText(line)}\n`).join("");
}

/** The sentence of the API, with the files of other certificates in it. */
function detailOf(item: ProblemItemView, locate: LocatePointer): string {
  const { detail, contextInfo } = item;
  const code = itemCode(item);
  if (locate === nowhere || contextInfo === undefined || !isFindingCode(code)) return detail;
  const words = wordsOfFiles((index) => locate(`/certificates/${index}`));
  return findingDetail({ code, evidence: contextInfo }, words);
}

/** The last part of its type: what programs decide by. */
export function itemCode({ type }: Pick<ProblemItemView, "type">): string {
  return type.slice(type.lastIndexOf("/") + 1);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
