import { type Endpoint, type EndpointName, endpoints, includesRole, type Role, roles } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createToken } from "../operations/api-token.ts";
import { problemOf, refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";

/** The least role of every endpoint, written down a second time: a change of the table of permissions is seen here. */
const leastRole: Readonly<Record<EndpointName, Role | "anybody">> = {
  activateVersion: "editor",
  beginOidcSignIn: "anybody",
  cancelActivation: "editor",
  changeEdgeCertificate: "deployer",
  changeEdgeNode: "deployer",
  createJoinToken: "deployer",
  removeEdgeNode: "deployer",
  changePassword: "viewer",
  changeUser: "admin",
  cloneCaSet: "editor",
  cloneVersion: "editor",
  compareVersions: "viewer",
  createApiClient: "admin",
  createCaSet: "editor",
  createEdgeCertificate: "deployer",
  createToken: "admin",
  createUser: "admin",
  createVersion: "editor",
  deactivateVersion: "editor",
  deleteCaSet: "editor",
  deleteEdgeCertificate: "deployer",
  deleteVersion: "editor",
  endOidcSignIn: "anybody",
  excludeNode: "editor",
  getActivation: "viewer",
  getBundle: "viewer",
  getCaSet: "viewer",
  getDeletionStatus: "viewer",
  getEdgeCertificate: "viewer",
  getEdgeNode: "viewer",
  getEffectiveTrust: "viewer",
  getOverview: "viewer",
  getHandshakes: "viewer",
  getSession: "viewer",
  getSignInOptions: "anybody",
  getTrustChains: "viewer",
  getVersion: "viewer",
  listActivationNodes: "viewer",
  listActivities: "viewer",
  listApiClients: "admin",
  listAssociations: "viewer",
  listAudit: "admin",
  listSeenClients: "viewer",
  listSetActivations: "viewer",
  listCaSets: "viewer",
  listEdgeCertificates: "viewer",
  listEdgeNodes: "viewer",
  listExpiringCertificates: "viewer",
  listTokens: "admin",
  listUsers: "admin",
  listVersionActivations: "viewer",
  listVersionCertificates: "viewer",
  listVersions: "viewer",
  redeemSignInLink: "anybody",
  renameCaSet: "editor",
  revokeApiClient: "admin",
  revokeToken: "admin",
  listSigningKeys: "admin",
  rotateSigningKey: "admin",
  signIn: "anybody",
  signOut: "viewer",
  streamEvents: "viewer",
  replaceVersion: "editor",
  validateCertificates: "viewer",
  verifyAgainstNetwork: "viewer",
  verifyAgainstVersion: "viewer",
};

let plane: ControlPlaneHarness;
const tokens = new Map<Role, string>();
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  const { store } = plane.controlPlane.context;
  for (const role of roles) tokens.set(role, await createToken(store.db, plane.clock.now, role, "test"));
});
afterAll(() => plane.remove());

const tokenOf = (role: Role): string => tokens.get(role) ?? "";
/** Rights are asked before this header, and everything else after it: nothing is changed by walking past every door. */
const headers = { accept: "image/png" };

describe("every endpoint is open to its role and those above, and to nobody else", () => {
  const all = Object.entries(endpoints) as readonly (readonly [EndpointName, Endpoint])[];

  describe.each(all)("%s", (name, { method, path, isOpen }) => {
    const least = leastRole[name];
    const target = path.replace(/\{[A-Za-z]+\}/g, "1");

    test("to nobody without a credential, unless it is for all", async () => {
      const answer = await plane.ask(method, target, { token: null, headers });
      expect(refusal(answer)[0]).toBe(least === "anybody" ? 406 : 401);
      expect(isOpen === true).toBe(least === "anybody");
    });

    test.each(roles)("%s", async (role) => {
      const answer = await plane.ask(method, target, { token: tokenOf(role), headers });
      const mayPass = least === "anybody" || includesRole(role, least);
      expect(refusal(answer)).toEqual(mayPass ? [406, "media-type-not-acceptable"] : [403, "forbidden"]);
      if (!mayPass) expect(problemOf(answer).contextInfo).toMatchObject({ role });
    });
  });
});

describe("production is a deployer's", () => {
  const root = testPki().root("Roles Root");
  let path: string;
  beforeAll(async () => {
    const caSetId = await plane.createVersion([root]);
    await plane.connectLocalNodes();
    path = `/ca-sets/${caSetId}/versions/1`;
  });

  test.each(["activate", "deactivate"])("an editor may %s on staging and not on production", async (verb) => {
    const ask = (network: string) =>
      plane.ask("POST", `${path}/${verb}`, { token: tokenOf("editor"), body: { network } });
    const refused = await ask("PRODUCTION");
    expect(refusal(refused)).toEqual([403, "forbidden"]);
    expect(problemOf(refused).contextInfo).toEqual({
      permission: "deploy-production",
      role: "editor",
      rolesAllowed: ["deployer", "admin"],
    });
    const accepted = await ask("STAGING");
    expect(accepted.status).toBe(202);
    await plane.ended(accepted.body as { readonly activationLink: string });
  });

  test("a deployer may, and an editor neither cancels it nor excludes its nodes", async () => {
    const body = { network: "PRODUCTION" };
    const begun = await plane.ask("POST", `${path}/activate`, { token: tokenOf("deployer"), body });
    expect(begun.status).toBe(202);
    const { activationLink } = begun.body as { readonly activationLink: string };
    for (const [verb, extra] of [
      ["cancel", {}],
      ["nodes/exclude", { body: { nodeId: "production-edge" } }],
    ] as const) {
      const answer = await plane.ask("POST", `//${activationLink.replace(/^\//, "")}/${verb}`, {
        token: tokenOf("editor"),
        ...extra,
      });
      expect(refusal(answer)).toEqual([403, "forbidden"]);
    }
  });
});
