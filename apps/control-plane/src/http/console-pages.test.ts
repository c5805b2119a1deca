import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createTemporaryDirectory, removeDirectory, temporaryDirectory } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";
import { consolePolicy } from "./console-pages.ts";

const page = "<!doctype html><title>console</title>";
const directory = createTemporaryDirectory();
let plane: ControlPlaneHarness;

beforeAll(async () => {
  mkdirSync(join(directory, "assets"));
  writeFileSync(join(directory, "index.html"), page);
  writeFileSync(join(directory, "assets/main-abc.js"), "console.log(1)");
  writeFileSync(join(directory, "assets/main-abc.js.gz"), gzipSync("console.log(1)"));
  writeFileSync(join(directory, "icon.svg"), "<svg/>");
  plane = await ControlPlaneHarness.start({ listen: { consoleDirectory: directory } });
});
afterAll(async () => {
  await plane.remove();
  removeDirectory(directory);
});

function get(path: string, headers: Record<string, string> = { accept: "text/html,*/*;q=0.8" }): Promise<Response> {
  return fetch(`${plane.controlPlane.localUrl}${path}`, { headers });
}

describe("the console is served beside the API", () => {
  test.each([
    "/",
    "/ca-sets",
    "/ca-sets/12/versions/3?tab=diff",
    "/sign-in",
  ])("%s is its page, whose policy lets nothing foreign in", async (path) => {
    const response = await get(path);
    expect(await response.text()).toBe(page);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("content-security-policy")).toBe(consolePolicy);
    expect(response.headers.get("cache-control")).toBe("no-cache");
  });

  test("a file whose name changes with its content is kept for a year, and comes compressed", async () => {
    const response = await get("/assets/main-abc.js", { accept: "*/*", "accept-encoding": "gzip" });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(await response.text()).toBe("console.log(1)");
  });

  test.each([
    "/assets/none.js",
    "/assets/..%2findex.html",
    "/..%2f..%2fetc%2fpasswd",
    "/%2e%2e/index.html",
    "/assets",
    "/mtls-edge-truststore/v2/none",
    "/mtls-edge-truststore/none",
  ])("%s is not a file of it", async (path) => {
    const response = await get(path, { accept: "application/json" });
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
  });

  test("what programs ask for is answered as without a console", async () => {
    expect((await get("/ca-sets", { accept: "application/json" })).status).toBe(404);
    const written = await fetch(`${plane.controlPlane.localUrl}/ca-sets`, {
      method: "POST",
      headers: { accept: "text/html" },
    });
    expect(written.status).toBe(404);
  });

  test("an address of the API that is not there is no page, not even for a browser", async () => {
    expect((await get("/mtls-edge-truststore/v2/none")).status).toBe(404);
  });
});

test("without a built console there is the API alone", async () => {
  const bare = await ControlPlaneHarness.start({ listen: { consoleDirectory: temporaryDirectory() } });
  const response = await fetch(bare.controlPlane.localUrl, { headers: { accept: "text/html" } });
  expect(response.status).toBe(404);
  await bare.remove();
});
