import { edgeCertificateList, edgeNodeList, versionList } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listVersions } from "../operations/versions/read-version.ts";
import { refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";

const pki = testPki();
let plane: ControlPlaneHarness;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
});
afterAll(() => plane.remove());

describe("lists with certificates", () => {
  test("are streamed, and are the same as one version after the other", async () => {
    const id = await plane.createVersion([pki.root("First")]);
    await plane.createVersion([pki.root("Second"), pki.root("Third")], {}, id);
    const answer = await plane.ask("GET", `/ca-sets/${id}/versions?includeCertificates=true`);
    expect(answer.headers["transfer-encoding"]).toBe("chunked");
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(versionList.strict().safeParse(answer.body).success).toBe(true);
    const each = await Promise.all([2, 1].map((number) => plane.ask("GET", `/ca-sets/${id}/versions/${number}`)));
    expect(answer.body).toEqual({ versions: each.map(({ body }) => body) });
  });

  test("let everybody else have a turn after each version", async () => {
    const id = await plane.createVersion([pki.root("Of the first")]);
    for (const name of ["second", "third"]) await plane.createVersion([pki.root(`Of the ${name}`)], {}, id);
    const { context } = plane.controlPlane;
    const wanted = { includeCertificates: true, activeVersionsOnly: false, statuses: ["NOT_DELETED"] } as const;
    const listed = await listVersions(context, Number(id), wanted);
    if (!listed.ok) throw new Error(listed.problem.detail);
    const turns: string[] = [];
    for await (const { version } of listed.value) {
      setImmediate(() => turns.push(`others after ${version}`));
      turns.push(`version ${version}`);
    }
    expect(turns).toEqual([3, 2, 1].flatMap((version) => [`version ${version}`, `others after ${version}`]));
  });

  test("are a list also when there is nothing in it", async () => {
    const { caSetId } = await plane.createSet();
    const answer = await plane.ask("GET", `/ca-sets/${caSetId}/versions?includeCertificates=true`);
    expect(answer.body).toEqual({ versions: [] });
  });

  test("break off when something goes wrong on the way, and never end as if they were whole", async () => {
    const id = await plane.createVersion([pki.root("Damaged")]);
    const list = () => plane.ask("GET", `/ca-sets/${id}/versions?includeCertificates=true`);
    const { db } = plane.controlPlane.context.store;
    await db.updateTable("certificates").set({ facts: "{" }).where("facts", "like", "%CN=Damaged%").execute();
    // Nothing has been sent yet: an answer like any other.
    expect(refusal(await list())).toEqual([500, "internal-error"]);
    await plane.createVersion([pki.root("Whole")], {}, id);
    await expect(list()).rejects.toThrow();
  });
});

describe("lists of what every node says", () => {
  test("are streamed, some nodes at a time, and are the same as one after the other", async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `edge-${10 + i}`);
    for (const id of ids) await plane.enrol(id, "STAGING");
    const answer = await plane.ask("GET", "/edge-nodes");
    expect(answer.headers["transfer-encoding"]).toBe("chunked");
    const { edgeNodes } = edgeNodeList.parse(answer.body);
    expect(edgeNodes.map(({ nodeId }) => nodeId)).toEqual([...ids, "staging-edge", "production-edge"]);
    for (const node of edgeNodes) expect((await plane.ask("GET", `/edge-nodes/${node.nodeId}`)).body).toEqual(node);
  });

  test("tell of nodes only what is asked for, and of each edge certificate what it says by itself, also when there is none", async () => {
    const list = async () => edgeCertificateList.parse((await plane.ask("GET", "/edge-certificates")).body);
    expect(await list()).toEqual({ edgeCertificates: [] });
    const nodes = await plane.connectLocalNodes();
    const caSetId = await plane.createVersion([pki.root("Bound")]);
    for (const { nodeId } of (await plane.get(edgeNodeList, "/edge-nodes")).edgeNodes)
      if (nodeId.startsWith("edge-")) await plane.drain(nodeId);
    await plane.activateOnBoth(caSetId);
    const listed = async (query = "") => (await plane.get(edgeNodeList, `/edge-nodes${query}`)).edgeNodes;
    const all = await listed();
    expect(new Set(all.map(({ isDrifted }) => isDrifted))).toEqual(new Set([true, false]));
    expect(await listed("?entries=all")).toEqual(all);
    expect(await listed("?entries=drifted")).toEqual(
      all.map((node) => ({ ...node, entries: node.isDrifted ? node.entries : [] })),
    );
    expect(await listed(`?entries=ca-set/${caSetId}`)).toEqual(all);
    expect(await listed("?entries=ca-set%2F999999")).toEqual(all.map((node) => ({ ...node, entries: [] })));
    for (const wanted of ["", "none", "ca-set/0", "all&entries=all"])
      expect(refusal(await plane.ask("GET", `/edge-nodes?entries=${wanted}`))).toEqual([400, "invalid-field"]);
    for (const node of nodes) await node.close();
    for (let i = 0; i < 9; i++) {
      const body = { hostnames: [`host-${i}.example`], clientAuthentication: { caSetId } };
      expect((await plane.ask("POST", "/edge-certificates", { body })).status).toBe(201);
    }
    const { edgeCertificates } = await list();
    expect(edgeCertificates.map(({ hostnames }) => hostnames[0])).toEqual(
      Array.from({ length: 9 }, (_, i) => `host-${i}.example`),
    );
    for (const one of edgeCertificates)
      expect((await plane.ask("GET", `/edge-certificates/${one.edgeCertificateId}`)).body).toEqual(one);
  });
});
