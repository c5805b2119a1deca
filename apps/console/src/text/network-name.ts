import type { Network } from "@tcm/core";

export const networkName: Readonly<Record<Network, string>> = { STAGING: "Staging", PRODUCTION: "Production" };
