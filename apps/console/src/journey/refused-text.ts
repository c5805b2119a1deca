import { formatPlace, type PlacedProblem } from "@tcm/core";
import { mostLevels, type NotRead } from "./folder-walk.ts";

type Problem = PlacedProblem["problem"];

/** What stands for the file of what was pasted. */
export const pastedName = "pasted text";

/** What was handed in and is not taken. */
export type Refused = PlacedProblem | NotRead;

/** What it is told of. */
export function refusedFile(refused: Refused): string {
  return "why" in refused ? refused.file : refused.place.file;
}

/** What was not taken stays told until that is handed in again: what comes beside it does not mend it. Pure. */
export function refusedSince(before: readonly Refused[], files: readonly string[]): readonly Refused[] {
  return before.filter((one) => {
    const file = refusedFile(one);
    return !files.some((again) => again === file || again.startsWith(`${file}/`));
  });
}

/** What it is, and what to do. */
export function refusedText(refused: Refused): string {
  if ("why" in refused) return `${refused.file}: ${notReadText[refused.why]}`;
  const { place, problem } = refused;
  return `${formatPlace(place)}: ${sentence(problem, place.file === pastedName)}`;
}

const notReadText: Readonly<Record<NotRead["why"], string>> = {
  unreadable:
    "this could not be read. It may have been moved, or the browser may not be allowed to read it: hand it in again.",
  "too-deep": `this folder lies more than ${mostLevels} folders deep and was not looked into. Hand it in by itself.`,
  "no-files": "there is no file in this folder.",
};

/** With whatever of its boundary lines left, and where there is no label to tell: better said of something else than not said. */
export function isPrivateKey({ code, label }: Problem): boolean {
  return label === undefined ? code === "pem-unexpected-block" : label.includes("PRIVATE KEY");
}

function sentence(problem: Problem, isPasted: boolean): string {
  const { code, label, expected } = problem;
  if (isPrivateKey(problem))
    return `this is a private key. It was not kept and not sent, and nothing else of this ${isPasted ? "text" : "file"} was taken. ${isPasted ? "Paste the certificate alone" : "Choose the file of the certificate"}, and keep the key where it belongs.`;
  if (code === "pem-unexpected-block" && (label === "PKCS7" || label === "CMS"))
    return `a ${label} bundle is no PEM certificate. Convert it: openssl pkcs7 -print_certs -in FILE.`;
  if (code === "pem-unexpected-block") return `a block "${label}" is no certificate. Leave it out.`;
  if (code === "pem-looks-like-der")
    return "this is a binary bundle such as PKCS #7. Convert it: openssl pkcs7 -inform der -print_certs -in FILE.";
  if (code === "pem-looks-like-html")
    return "this is a web page and no certificate. Download the file that it links to.";
  return `${expected} is expected here.`;
}
