import { describe, expect, test } from "vitest";
import { UsageError } from "./command-line.ts";
import { readSettings, settingsHelp } from "./settings-of-process.ts";

describe("the settings of the process", () => {
  test.each([
    ["no data directory", [], /^--data DIR is missing/],
    ["an empty one", ["--data", ""], /--data/],
    ["an option without value", ["--data"], /data/],
    ["an unknown option", ["--data", "x", "--colour"], /--colour/],
    ["what is no option", ["--data", "x", "y"], /y/],
    [
      "a port that is none",
      ["--data", "x", "--port", "70000"],
      /^--port takes a whole number from 0 to 65535, not "70000"/,
    ],
    ["a deadline of nothing", ["--data", "x", "--deployment-deadline", "0"], /^--deployment-deadline/],
  ])("are refused for %s", (_what, args, words) => {
    expect(() => readSettings(args, {})).toThrow(expect.objectContaining({ message: expect.stringMatching(words) }));
    expect(() => readSettings(args, {})).toThrow(UsageError);
  });

  test("come from flags before variables, and times in milliseconds", () => {
    const environment = { TCM_DATA: "/of/the/environment", TCM_PORT: "9300", TCM_DEPLOYMENT_DEADLINE: "60" };
    expect(readSettings(["--port", "9400"], environment)).toMatchObject({
      directory: "/of/the/environment",
      port: 9400,
      deploymentDeadlineMs: 60_000,
    });
  });

  test("secrets come by the environment alone", () => {
    const key = Buffer.alloc(32, 7).toString("base64");
    expect(() => readSettings(["--data", "x", "--operator-key", key], {})).toThrow(/--operator-key/);
    expect(readSettings(["--data", "x"], { TCM_OPERATOR_KEY: key })).toMatchObject({ operatorKey: key });
    expect(settingsHelp()).toMatch(/By the environment alone: .*TCM_OPERATOR_KEY/);
  });

  test("the operator key may be what a command prints, and not be given beside it", () => {
    const key = Buffer.alloc(32, 7).toString("base64");
    const command = ["--data", "x", "--operator-key-command", `printf '%s\\n' ${key}`];
    expect(readSettings(command, {})).toMatchObject({ operatorKey: `${key}\n` });
    expect(() => readSettings(command, { TCM_OPERATOR_KEY: key })).toThrow(/--operator-key-command cannot go with/);
  });
});
