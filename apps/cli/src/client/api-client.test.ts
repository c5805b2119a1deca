import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiProblem } from "@tcm/api-contract";
import { describe, expect, onTestFinished, test } from "vitest";
import { apiClient } from "./api-client.ts";

async function listen(onRequest: RequestListener): Promise<string> {
  const server = createServer(onRequest).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function list(onRequest: RequestListener) {
  const url = await listen(onRequest);
  return apiClient({ url, credential: { token: "tcm_x" } }).call("listCaSets");
}

const problem = {
  type: "/mtls-edge-truststore/error-types/ca-set-not-found",
  title: "CA set not found",
  detail: "There is no CA set 7.",
  status: 404,
  instance: "/mtls-edge-truststore/error-types/ca-set-not-found/0123456789abcdef",
};

describe("an answer of the control plane", () => {
  test("keeps members that this client does not know", async () => {
    const body = await list((_, response) => response.end('{"caSets":[],"more":1}'));
    expect(body).toEqual({ caSets: [], more: 1 });
  });

  test("that is a problem carries its code", async () => {
    const refused = list((_, response) => response.writeHead(404).end(JSON.stringify(problem)));
    await expect(refused).rejects.toBeInstanceOf(ApiProblem);
    await expect(refused).rejects.toMatchObject({ code: "ca-set-not-found", problem });
  });

  test("carries the token to the base path, and nowhere else when it is redirected", async () => {
    const seen: unknown[] = [];
    const elsewhere = await listen((request, response) => {
      seen.push(["elsewhere", request.headers.authorization]);
      response.end('{"caSets":[]}');
    });
    const refused = list((request, response) => {
      seen.push([request.url, request.headers.authorization]);
      response.writeHead(307, { location: elsewhere }).end();
    });
    await expect(refused).rejects.toMatchObject({ exitCode: 5 });
    expect(seen).toEqual([["/mtls-edge-truststore/v2/ca-sets", "Bearer tcm_x"]]);
  });

  test.each<[string, RequestListener]>([
    ["no JSON", (_, response) => response.end("<html>")],
    ["another shape", (_, response) => response.end('{"caSets":[{"caSetId":1}]}')],
    ["an error of a proxy", (_, response) => response.writeHead(502).end("Bad Gateway")],
    [
      "a connection that breaks",
      (_, response) => response.writeHead(200, { "content-length": "100" }).write("{", () => response.destroy()),
    ],
  ])("that is %s is not taken for one of ours", async (_, onRequest) => {
    await expect(list(onRequest)).rejects.toMatchObject({ name: "CommandFailure", exitCode: 5 });
  });
});
