import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readStartOptions } from "./start-options.ts";

describe("what an instance is started with", () => {
  test("has the documented defaults", () => {
    expect(readStartOptions({}, {})).toEqual({
      data: resolve(".tcm"),
      ports: { api: 7300, node: 7301, staging: 7443, production: 8443 },
      upstreams: [],
      serverCertificate: undefined,
      database: undefined,
      edges: true,
      drainMs: 1_000,
      controlPlane: [],
      secrets: {},
    });
  });

  test("comes from the environment, and the command line wins", () => {
    const environment = {
      TCM_DATA: "/data",
      TCM_PORT: "1",
      TCM_NODE_PORT: "2",
      TCM_STAGING_PORT: "3",
      TCM_PRODUCTION_PORT: "4",
    };
    expect(readStartOptions({}, environment)).toMatchObject({
      data: "/data",
      ports: { api: 1, node: 2, staging: 3, production: 4 },
    });
    const flags = { data: "/other", port: "5", nodePort: "6", stagingPort: "7", productionPort: "8" };
    expect(readStartOptions(flags, environment)).toMatchObject({
      data: "/other",
      ports: { api: 5, node: 6, staging: 7, production: 8 },
    });
  });

  test("a database comes from the environment or the command line, and is named by a URL", () => {
    const environment = { TCM_DATABASE: "postgres://one/tcm" };
    expect(readStartOptions({}, environment).database).toBe("postgres://one/tcm");
    expect(readStartOptions({ database: "postgresql://two/tcm" }, environment).database).toBe("postgresql://two/tcm");
    expect(() => readStartOptions({ database: "two" }, {})).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  test("what the control plane alone understands is handed on as it is", () => {
    const flags = { host: "0.0.0.0", tlsSelfSigned: true, limits: "caSets=3" };
    const expected = ["--host=0.0.0.0", "--tls-self-signed", "--limits=caSets=3"];
    expect(readStartOptions(flags, {}).controlPlane).toEqual(expected);
  });

  test("an empty data directory is none, and not the present one", () => {
    expect(() => readStartOptions({ data: "" }, {})).toThrow(expect.objectContaining({ exitCode: 2 }));
    expect(readStartOptions({}, { TCM_DATA: "" }).data).toBe(resolve(".tcm"));
  });

  test.each(["-1", "65536", "80a", "0x50"])("refuses %s as a port", (port) => {
    expect(() => readStartOptions({ port }, {})).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});
