import { type ProblemSlug, problemCatalogue } from "@tcm/core";
import { problemsOf } from "./endpoint.ts";
import { endpoints } from "./endpoints.ts";
import { problemGuide } from "./problem-guide.ts";
import { problemTypePrefix } from "./problem-schema.ts";

const slugs = Object.keys(problemCatalogue) as readonly ProblemSlug[];

/** docs/api/problems.md, whole. */
export function problemsMarkdown(): string {
  return `# Problems of the API

Every refusal is a body of media type \`application/problem+json\` (RFC 9457). Programs decide by \`type\`, which is
\`${problemTypePrefix}\` and a name below, and by the HTTP status; titles and texts are for people and may change.
\`contextInfo\` has the facts, \`pointer\` the place in the request body, \`errors\` the parts of a problem that has several.
The server shows each page at the address that \`type\` is.

${slugs.map(section).join("\n")}`;
}

function section(slug: ProblemSlug): string {
  const { status, title } = problemCatalogue[slug];
  const { meaning, remedy } = problemGuide[slug];
  return `## ${slug}

**${status} ${title}.** ${meaning}

*What to do:* ${remedy}

${answeredBy(slug)}
`;
}

/** The endpoints that may answer with the problem, in the order of the reference. */
export function endpointsWith(slug: ProblemSlug): readonly string[] {
  return Object.values(endpoints)
    .filter((endpoint) => problemsOf(endpoint).includes(slug))
    .map(({ method, path }) => `${method} ${path}`);
}

function answeredBy(slug: ProblemSlug): string {
  const names = endpointsWith(slug);
  if (names.length === 0) return "*From:* any address.";
  if (names.length === Object.keys(endpoints).length) return "*From:* every endpoint.";
  return names.length > 12
    ? `*From:* ${names.length} endpoints.`
    : `*From:* ${names.map((name) => `\`${name}\``).join(", ")}.`;
}
