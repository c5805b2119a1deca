import { endpointsWith, problemGuide, problemTypePrefix } from "@tcm/api-contract";
import { type ProblemSlug, problemCatalogue } from "@tcm/core";
import { escapeHtml, htmlPage } from "./html.ts";
import type { OpenApiDocument, Operation } from "./openapi-document.ts";

/** The OpenAPI document for people: every operation with its parameters, bodies, answers and problems. */
export function referencePage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const byTag = Map.groupBy(operations, ({ operation }) => operation.tags[0] ?? "");
  const sections = [...byTag].map(
    ([tag, members]) =>
      `<h2 id="${escapeHtml(tag)}">${escapeHtml(tag)}</h2>\n${members.map(({ path, method, operation }) => operationHtml(path, method, operation)).join("\n")}`,
  );
  const contents = [...byTag.keys()].map((tag) => `<li><a href="#${escapeHtml(tag)}">${escapeHtml(tag)}</a></li>`);
  const intro = `<h1>Trust Chain Manager API</h1>
<p>The same as <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1), for reading. Problems are bodies of <code>application/problem+json</code>; each type is the address of its explanation.</p>
<ul>${contents.join("")}<li><a href="#schemas">schemas</a></li></ul>`;
  return htmlPage("Trust Chain Manager API", [intro, ...sections, schemasHtml(document)].join("\n"));
}

function operationHtml(path: string, method: string, operation: Operation): string {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  const role =
    operation["x-permission"] === undefined ? "" : `<span class="role">${escapeHtml(operation["x-permission"])}</span>`;
  return `<h3 id="${escapeHtml(operationId)}">${role}${escapeHtml(summary)}</h3>
<p><code><span class="method">${escapeHtml(method)}</span> ${escapeHtml(path)}</code></p>
${description === undefined ? "" : `<p>${escapeHtml(description)}</p>`}
<table>
${parameters.map(({ name, in: where }) => row(`<code>${escapeHtml(String(name))}</code>`, escapeHtml(String(where)))).join("\n")}
${requestBody === undefined ? "" : row("body", schemaLink(requestBody))}
${Object.entries(responses)
  .map(([status, response]) =>
    row(escapeHtml(status), Number(status) < 400 ? schemaLink(response) : problemLinks(response)),
  )
  .join("\n")}
</table>`;
}

function row(name: string, value: string): string {
  return `<tr><th>${name}</th><td>${value}</td></tr>`;
}

const anySchema = /"\$ref":"#\/components\/schemas\/([A-Za-z0-9]+)"/;

function schemaLink(part: object): string {
  const name = anySchema.exec(JSON.stringify(part))?.[1];
  if (name !== undefined) return `<a href="#schema-${name}">${name}</a>`;
  return "content" in part ? escapeHtml(Object.keys(part.content as object).join(", ")) : "no body";
}

const anyType = new RegExp(`"${problemTypePrefix}([a-z0-9-]+)"`, "g");

function problemLinks(response: object): string {
  const slugs = [...JSON.stringify(response).matchAll(anyType)].map(([, slug = ""]) => slug);
  return slugs.map((slug) => `<a href="${problemTypePrefix}${slug}">${slug}</a>`).join(", ");
}

function schemasHtml({ components: { schemas } }: OpenApiDocument): string {
  const items = Object.entries(schemas).map(
    ([name, schema]) =>
      `<h3 id="schema-${escapeHtml(name)}">${escapeHtml(name)}</h3>\n<pre><code>${escapeHtml(JSON.stringify(schema, undefined, 2))}</code></pre>`,
  );
  return `<h2 id="schemas">schemas</h2>\n${items.join("\n")}`;
}

/** What a problem type means: the page at the address that the type is. */
export function problemPage(slug: ProblemSlug): string {
  const { status, title } = problemCatalogue[slug];
  const { meaning, remedy } = problemGuide[slug];
  const from = endpointsWith(slug).map((name) => `<li><code>${escapeHtml(name)}</code></li>`);
  return htmlPage(
    title,
    `<h1>${escapeHtml(title)}</h1>
<p><code>${escapeHtml(slug)}</code>, HTTP status ${status}</p>
<p>${escapeHtml(meaning)}</p>
<p>What to do: ${escapeHtml(remedy)}</p>
<ul>${from.join("")}</ul>
<p><a href="/reference">All of the API</a></p>`,
  );
}
