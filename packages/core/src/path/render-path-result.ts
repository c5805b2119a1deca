import { escapeText } from "../text/escape-text.ts";
import type { DescribedCertificate, DescribedPathResult, DescribedProblem } from "./describe-path-result.ts";

/** A certificate of one or more paths, with those that could have issued it below. */
type Node = {
  readonly certificate: DescribedCertificate;
  readonly issuers: Map<string, Node>;
  stop: DescribedProblem | undefined;
  isAccepted: boolean;
};

/**
 * For a terminal: the verdict, why, and every path that was tried as one tree, from the client's certificate towards the
 * anchors. Text from certificates is escaped. Ends with a line break.
 */
export function renderPathResult(result: DescribedPathResult): string {
  const lines = [headline(result), ...tree(result), ...result.advice.map(({ sentence }) => `note: ${sentence}`)];
  return lines.map((line) => `${line}\n`).join("");
}

function headline({ verdict, reason }: DescribedPathResult): string {
  return reason === undefined ? verdict : `${verdict}: ${reason.code}. ${reason.sentence} (${clause(reason)})`;
}

function clause({ cites, openSslError }: DescribedProblem): string {
  return openSslError === undefined ? cites : `${cites}; OpenSSL error ${openSslError}`;
}

function tree({ path, attempts }: DescribedPathResult): readonly string[] {
  const roots = new Map<string, Node>();
  for (const { certificates, stop } of attempts) {
    const last = insert(certificates, roots);
    if (last !== undefined) last.stop ??= stop;
  }
  const accepted = insert(path ?? [], roots);
  if (accepted !== undefined) accepted.isAccepted = true;
  return [...roots.values()].flatMap((node) => [describe(node), ...below(node, "")]);
}

function insert(certificates: readonly DescribedCertificate[], roots: Map<string, Node>): Node | undefined {
  let level = roots;
  let node: Node | undefined;
  for (const certificate of certificates) {
    const known: Node | undefined = level.get(certificate.fingerprint);
    node = known ?? { certificate, issuers: new Map(), stop: undefined, isAccepted: false };
    level.set(certificate.fingerprint, node);
    level = node.issuers;
  }
  return node;
}

function below({ issuers, stop }: Node, indent: string): readonly string[] {
  const nodes = [...issuers.values()];
  const stopLine = stop === undefined ? [] : [`${indent}${nodes.length > 0 ? "├─ " : "└─ "}${describeStop(stop)}`];
  const issuerLines = nodes.flatMap((node, i) => {
    const isLast = i === nodes.length - 1;
    return [
      `${indent}${isLast ? "└─ " : "├─ "}${describe(node)}`,
      ...below(node, `${indent}${isLast ? "   " : "│  "}`),
    ];
  });
  return [...stopLine, ...issuerLines];
}

function describe({ certificate: { subject, fingerprint, endDate }, isAccepted }: Node): string {
  const name = subject === "" ? "(no subject)" : escapeText(subject);
  return `${name}  [${fingerprint.slice(0, 12)}, until ${endDate.slice(0, 10)}]${isAccepted ? "  ✓ anchor" : ""}`;
}

function describeStop({ code, certificate, expected, actual, cites }: DescribedProblem): string {
  const facts = [
    `at ${escapeText(certificate.subject)}`,
    expected && `expected ${escapeText(expected)}`,
    actual && `found ${escapeText(actual)}`,
  ];
  return `✗ ${code}: ${facts.filter(Boolean).join(", ")} (${cites})`;
}
