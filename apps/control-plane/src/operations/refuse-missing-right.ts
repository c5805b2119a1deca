import { isAllowed, type Permission, rolesWith } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import type { Actor } from "./actor.ts";
import { type Refusal, refuse } from "./refuse.ts";

export function refuseMissingRight({ role }: Actor, permission: Permission): Refusal | undefined {
  if (isAllowed(role, permission)) return undefined;
  const contextInfo = { permission, role, rolesAllowed: rolesWith(permission) };
  return refuse("forbidden", `This needs the role ${rolesWith(permission)[0]}; you have the role ${role}.`, {
    contextInfo,
  });
}

/** Which right a deployment needs depends on where it goes. */
export function refuseDeployment(actor: Actor, network: Network): Refusal | undefined {
  return refuseMissingRight(actor, network === "PRODUCTION" ? "deploy-production" : "deploy-staging");
}
