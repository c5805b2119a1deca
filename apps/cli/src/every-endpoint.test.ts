import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EndpointName, endpoints } from "@tcm/api-contract";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { quietProgram } from "./testing/quiet-program.ts";

/** For browsers alone: they lead through the pages of an identity provider. */
const browserOnly: ReadonlySet<EndpointName> = new Set(["beginOidcSignIn", "endOidcSignIn"]);

/** A command for each thing that the API does. A new endpoint without one does not compile. */
const commandOf: Readonly<Record<EndpointName, string>> = {
  createCaSet: "sets create",
  listCaSets: "sets list",
  getCaSet: "sets show",
  renameCaSet: "sets rename",
  deleteCaSet: "sets delete",
  getDeletionStatus: "sets deletion",
  listActivities: "sets activities",
  listAssociations: "sets associations",
  cloneCaSet: "sets clone",
  listSetActivations: "sets activations",
  verifyAgainstNetwork: "verify",
  getHandshakes: "sets handshakes",
  listSeenClients: "sets clients",
  createVersion: "upload",
  listVersions: "versions list",
  getVersion: "versions show",
  replaceVersion: "upload",
  deleteVersion: "versions delete",
  cloneVersion: "versions clone",
  listVersionCertificates: "versions certificates",
  getTrustChains: "versions tree",
  getEffectiveTrust: "versions trust",
  getBundle: "versions bundle",
  compareVersions: "versions diff",
  verifyAgainstVersion: "verify",
  activateVersion: "deploy",
  deactivateVersion: "deactivate",
  listVersionActivations: "versions activations",
  getActivation: "deploy",
  listActivationNodes: "deploy",
  cancelActivation: "cancel",
  excludeNode: "exclude",
  validateCertificates: "upload",
  listExpiringCertificates: "expiring",
  createEdgeCertificate: "edge-certificates create",
  listEdgeCertificates: "edge-certificates list",
  getEdgeCertificate: "edge-certificates show",
  changeEdgeCertificate: "edge-certificates update",
  deleteEdgeCertificate: "edge-certificates delete",
  listSigningKeys: "signing-keys list",
  rotateSigningKey: "signing-keys rotate",
  listEdgeNodes: "nodes list",
  getEdgeNode: "nodes show",
  changeEdgeNode: "nodes drain",
  removeEdgeNode: "nodes remove",
  createJoinToken: "edge token",
  getOverview: "status",
  streamEvents: "events",
  getSignInOptions: "login",
  getSession: "whoami",
  signIn: "login",
  redeemSignInLink: "login",
  signOut: "logout",
  changePassword: "password",
  beginOidcSignIn: "",
  endOidcSignIn: "",
  listUsers: "users list",
  createUser: "users create",
  changeUser: "users disable",
  listTokens: "tokens list",
  createToken: "tokens create",
  revokeToken: "tokens revoke",
  listApiClients: "api-clients list",
  createApiClient: "api-clients create",
  revokeApiClient: "api-clients revoke",
  listAudit: "audit list",
};

const names = (Object.keys(endpoints) as EndpointName[]).filter((name) => !browserOnly.has(name));
const folder = fileURLToPath(new URL(".", import.meta.url));
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => readFileSync(join(folder, file), "utf8"))
  .join("\n");

function findCommand(path: string): Command | undefined {
  return path
    .split(" ")
    .reduce<Command | undefined>(
      (parent, word) => parent?.commands.find((command) => command.name() === word),
      quietProgram(),
    );
}

describe("everything that the API does", () => {
  test.each(names)("has its command: %s", (name) => {
    expect(findCommand(commandOf[name])?.name()).toBe(commandOf[name].split(" ").at(-1));
  });

  test.each(names)("is asked for by the command line: %s", (name) => {
    const call = name === "streamEvents" ? ".events(" : `"${name}"`;
    expect(sources).toContain(call);
  });
});
