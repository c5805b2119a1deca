import { describe, expect, test } from "vitest";
import { findConnection } from "./connection.ts";

describe("where the control plane is", () => {
  test("the command line wins over the environment, and loopback is the default", () => {
    const environment = { TCM_URL: "http://127.0.0.1:9000", TCM_TOKEN: "tcm_env" };
    expect(findConnection({}, { TCM_TOKEN: "tcm_env" })).toEqual({
      url: "http://127.0.0.1:7300",
      credential: { token: "tcm_env" },
    });
    expect(findConnection({}, environment)).toEqual({ url: "http://127.0.0.1:9000", credential: { token: "tcm_env" } });
    const options = { url: "https://tcm.example/", token: "tcm_option" };
    expect(findConnection(options, environment)).toEqual({
      url: "https://tcm.example",
      credential: { token: "tcm_option" },
    });
  });

  test("a login comes after the environment, and goes to no other server than its own", () => {
    const login = () => ({ url: "https://tcm.example", credential: { session: "tcm-session=x" } });
    expect(findConnection({}, {}, login)).toEqual(login());
    expect(findConnection({ url: "https://tcm.example" }, {}, login)).toEqual(login());
    expect(findConnection({}, { TCM_TOKEN: "tcm_env" }, login).credential).toEqual({ token: "tcm_env" });
    expect(() => findConnection({ url: "https://other.example" }, {}, login)).toThrow(
      "signed in at https://tcm.example",
    );
  });

  test.each([
    "http://127.0.0.1:1",
    "http://localhost:1",
    "http://[::1]:1",
    "http://127.9.9.9:1",
  ])("a token may go in clear to %s", (url) => {
    expect(findConnection({ url, token: "t" }, {}).url).toBe(url);
  });

  test.each([
    "http://127.0.0.1.example",
    "http://10.0.0.1",
    "ftp://127.0.0.1",
    "https://user:word@tcm.example",
    "tcm",
    "https://tcm.example/mtls-edge-truststore/v2",
    "https://tcm.example/app/",
    "https://tcm.example/?x",
    "http://127.0.0.1:7300/#first=x",
  ])("refuses %s", (url) => {
    expect(() => findConnection({ url, token: "t" }, {})).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});
