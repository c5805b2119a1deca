import { type EntryReport, maxNodeLineBytes, type NodeMessage } from "@tcm/api-contract";

export type Hello = Extract<NodeMessage, { readonly type: "hello" }>;

const maxReports = 2_000;

/**
 * The node's first line with as many reports as a line may hold, and the reports that are left: they follow one by one, so
 * that many long rejections do not keep a node from connecting.
 */
export function renderHello(
  hello: Omit<Hello, "entries">,
  reports: readonly EntryReport[],
): { readonly line: string; readonly rest: readonly EntryReport[] } {
  let bytes = Buffer.byteLength(JSON.stringify({ ...hello, entries: [] }));
  let fitting = 0;
  for (const report of reports.slice(0, maxReports)) {
    bytes += Buffer.byteLength(JSON.stringify(report)) + 1;
    if (bytes > maxNodeLineBytes) break;
    fitting += 1;
  }
  const entries = reports.slice(0, fitting);
  return { line: JSON.stringify({ ...hello, entries }), rest: reports.slice(fitting) };
}
