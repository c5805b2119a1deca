import { describe, expect, test } from "vitest";
import { renderLogLine } from "./log-line.ts";

describe("a child's log line for a person", () => {
  test("is shown from a warning on, with its fields, without what every line has", () => {
    const line = {
      level: 50,
      time: 1,
      pid: 2,
      hostname: "h",
      name: "n",
      msg: "it broke",
      err: { message: "why", stack: "at x" },
      n: 3,
    };
    expect(renderLogLine("edge", JSON.stringify(line))).toBe("edge: error: it broke  err=why  n=3\n");
    expect(renderLogLine("edge", JSON.stringify({ ...line, level: 30 }))).toBeUndefined();
  });

  test("is escaped, and cut where a field is long", () => {
    const line = renderLogLine("edge", JSON.stringify({ level: 40, msg: "a\nb", subject: "x".repeat(1_000) })) ?? "";
    expect(line.startsWith("edge: warning: a\\x0ab  subject=xxx")).toBe(true);
    expect(line.length).toBeLessThan(400);
    expect(line.indexOf("\n")).toBe(line.length - 1);
  });

  test("that is no log entry is passed on, unless it is empty", () => {
    expect(renderLogLine("edge", "Error: boom")).toBe("edge: Error: boom\n");
    expect(renderLogLine("edge", "[1]")).toBe("edge: [1]\n");
    expect(renderLogLine("edge", "  ")).toBeUndefined();
  });
});
