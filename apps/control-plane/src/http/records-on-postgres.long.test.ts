import { networks } from "@tcm/core";
import { openClient } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { removeDeleted } from "../operations/ca-sets/remove-deleted.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";
import { PostgresServer, postgresMissing } from "../testing/postgres-server.ts";

const missing = postgresMissing();
if (missing !== undefined) console.warn(`skipped: records of sets on PostgreSQL (${missing})`);

describe.skipIf(missing !== undefined)("records of sets on PostgreSQL", () => {
  test("a set is deployed, cloned, deleted and removed by one control plane, and another one tells of it", async () => {
    const server = await PostgresServer.start();
    onTestFinished(() => server.remove());
    const database = await server.createDatabase("records");
    const operatorKey = Buffer.alloc(32, 7).toString("base64");
    const plane = await ControlPlaneHarness.start({ database, operatorKey });
    onTestFinished(() => plane.remove());
    const neighbour = await ControlPlaneHarness.start({ database, operatorKey });
    onTestFinished(() => neighbour.remove());
    await Promise.all([plane.connectLocalNodes(), neighbour.connectLocalNodes()]);

    const connect = ({ controlPlane, admin }: ControlPlaneHarness) =>
      openClient({ url: controlPlane.url, authorize: () => ({ authorization: `Bearer ${admin}` }) });
    const client = connect(plane);
    const stop = new AbortController();
    const events = connect(neighbour).events({ signal: stop.signal });
    expect((await events.next()).value).toMatchObject({ event: { type: "ready" } });

    const notAfter = (plane.clock.now() + 30 * 86_400_000) / 1_000;
    const caSetId = await plane.createVersion([testPki().root("Postgres Root", { notAfter })]);
    await plane.activateOnBoth(caSetId);
    const expiring = await connect(neighbour).call("listExpiringCertificates");
    expect(expiring.certificates).toMatchObject([{ caSetId, version: 1, networks: ["PRODUCTION", "STAGING"] }]);
    const body = { hostnames: ["shop.example"], clientAuthentication: { caSetId } };
    const { edgeCertificateId } = await client.call("createEdgeCertificate", { body });
    // As the neighbour counts it; its numbers come as text there.
    const bound = async () => (await connect(neighbour).call("listEdgeCertificates")).edgeCertificates;
    const complete = { status: "COMPLETE", percentComplete: 100 };
    await expect
      .poll(bound, { timeout: 60_000 })
      .toMatchObject([{ edgeCertificateId, staging: complete, production: complete }]);
    const { edgeNodes } = await connect(neighbour).call("listEdgeNodes");
    expect(edgeNodes.map(({ isDrifted }) => isDrifted)).toEqual([false, false, false, false]);
    await client.call("deleteEdgeCertificate", { params: { edgeCertificateId }, query: { confirm: "true" } });
    for (const network of networks) {
      const call = { params: { caSetId, version: 1 }, body: { network } };
      await plane.ended(await client.call("deactivateVersion", call));
    }
    await client.call("cloneCaSet", { params: { caSetId }, body: { caSetName: "postgres-clone" } });
    await client.call("deleteCaSet", { params: { caSetId } });
    const deadline = Date.now() + 120_000;
    for (;;) {
      const { status } = await client.call("getDeletionStatus", { params: { caSetId } });
      if (status === "COMPLETE") break;
      if (Date.now() > deadline) throw new Error(`the deletion is ${status}`);
    }

    const told: string[] = [];
    while (!told.includes("DELETE_CA_SET")) {
      const { value } = await events.next();
      if (value?.event.type === "ca-set" && value.event.caSetId === caSetId) told.push(value.event.activity);
    }
    stop.abort();
    expect(told.slice(0, 3)).toEqual(["CREATE_CA_SET", "CREATE_CA_SET_VERSION", "ACTIVATE_CA_SET_VERSION"]);

    plane.clock.advance(30 * 86_400_000);
    await removeDeleted(plane.controlPlane.context);
    await expect(client.call("getCaSet", { params: { caSetId } })).rejects.toMatchObject({ code: "ca-set-not-found" });
  });
});
