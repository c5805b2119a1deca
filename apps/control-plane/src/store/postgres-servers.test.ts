import { describe, expect, test } from "vitest";
import { serverUrls } from "./postgres-servers.ts";

describe("a URL of several servers", () => {
  test.each([
    ["postgres://tcm@one/name", ["postgres://tcm@one/name"]],
    ["postgres://tcm:a%2Cb@one:1/name?sslmode=require", ["postgres://tcm:a%2Cb@one:1/name?sslmode=require"]],
    ["postgres://tcm@one:1,two:2/name", ["postgres://tcm@one:1/name", "postgres://tcm@two:2/name"]],
    ["postgresql://one,two/name", ["postgresql://one/name", "postgresql://two/name"]],
    [
      "postgres://u:p@one,[::1]:2/name?target_session_attrs=read-write&sslmode=require",
      ["postgres://u:p@one/name?sslmode=require", "postgres://u:p@[::1]:2/name?sslmode=require"],
    ],
    ["postgres://one,two/name?target_session_attrs=primary", ["postgres://one/name", "postgres://two/name"]],
    ["postgres:///name?host=/run/postgresql", ["postgres:///name?host=/run/postgresql"]],
  ])("%s", (url, urls) => {
    expect(serverUrls(url)).toEqual(urls);
  });

  test("is refused where it asks for a server that takes no writes", () => {
    const code = { code: "database-unsuitable" };
    const url = "postgres://one,two/name?target_session_attrs=any";
    expect(() => serverUrls(url)).toThrow(expect.objectContaining(code) as Error);
  });
});
