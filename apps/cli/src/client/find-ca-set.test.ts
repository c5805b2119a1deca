import { ApiProblem, type CaSetView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "./api-client.ts";
import { lookUpCaSet } from "./find-ca-set.ts";

type Row = Pick<CaSetView, "caSetId" | "caSetName" | "caSetStatus">;

function row(caSetId: string, caSetName: string, caSetStatus: Row["caSetStatus"] = "NOT_DELETED"): Row {
  return { caSetId, caSetName, caSetStatus };
}

/** A control plane with these sets: lists those that are there, and answers by id for those that were as well. */
function clientWith(rows: readonly Row[]): ApiClient {
  const answer = (endpoint: string, wanted: { readonly caSetId?: string; readonly caSetNamePrefix?: string }) => {
    if (endpoint === "listCaSets")
      return {
        caSets: rows.filter(
          (one) => one.caSetStatus === "NOT_DELETED" && one.caSetName.startsWith(wanted.caSetNamePrefix ?? ""),
        ),
      };
    const found = rows.find(({ caSetId }) => caSetId === wanted.caSetId);
    if (found !== undefined) return found;
    throw new ApiProblem({ type: "ca-set-not-found", title: "", detail: "", status: 404, instance: "" });
  };
  const call = async (endpoint: string, { params, query }: { params?: object; query?: object } = {}) =>
    answer(endpoint, { ...params, ...query });
  return { call, send: call } as unknown as ApiClient;
}

describe("a CA set by what was said", () => {
  const rows = [row("7", "104"), row("104", "partners"), row("8", "partners-eu"), row("105", "105"), row("9", "777")];
  const old = row("777", "gone", "DELETED");

  test.each([
    ["partners", "104"],
    ["partners-eu", "8"],
    ["8", "8"],
    ["105", "105"],
    ["777", "9"],
    ["partner", undefined],
  ])("%s is the set %s", async (said, caSetId) => {
    expect((await lookUpCaSet(clientWith([...rows, old]), said))?.caSetId).toBe(caSetId);
  });

  test("that is the name of one and the id of another is not guessed", async () => {
    await expect(lookUpCaSet(clientWith(rows), "104")).rejects.toThrow(
      '"104" is the name of the CA set with the id 7, and the id of the CA set "partners". Say 7 or partners.',
    );
  });

  test("by an id that nobody has is the problem of the server", async () => {
    await expect(lookUpCaSet(clientWith(rows), "999")).rejects.toBeInstanceOf(ApiProblem);
  });

  test("whose id cannot be looked up is not taken by its name", async () => {
    const client = clientWith(rows);
    const failing = async (...call: Parameters<ApiClient["call"]>) => {
      if (call[0] === "getCaSet") throw new ApiProblem({ type: "x", title: "", detail: "", status: 503, instance: "" });
      return client.call(...call);
    };
    await expect(lookUpCaSet({ ...client, call: failing as ApiClient["call"] }, "104")).rejects.toThrow(ApiProblem);
  });
});
