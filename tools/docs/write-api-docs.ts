import { mkdirSync, writeFileSync } from "node:fs";
import { problemsMarkdown } from "@tcm/api-contract";

/** Writes the pages below docs/api that a test holds to their source. */
const directory = new URL("../../docs/api/", import.meta.url);
mkdirSync(directory, { recursive: true });
writeFileSync(new URL("problems.md", directory), problemsMarkdown());
