import { activationRequest } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import {
  hasStrategyFault,
  oneNodeFirstText,
  type Strategy,
  strategyFault,
  strategyLimits,
  strategyRequest,
  usualStrategy,
} from "./strategy.ts";

const oneFirst: Strategy = { ...usualStrategy, order: "ONE_NODE_FIRST" };

describe("in what order nodes are told", () => {
  test("is all at once, unless one is to go first, and then with what is shown", () => {
    expect(strategyRequest(usualStrategy)).toEqual({ strategy: "ALL_AT_ONCE" });
    expect(strategyRequest({ ...oneFirst, observationSeconds: " 60 " })).toEqual({
      strategy: "ONE_NODE_FIRST",
      observationSeconds: 60,
      maxRefusedClients: 0,
    });
  });

  test("is said with the numbers that are chosen, or those that are usual", () => {
    const usual =
      "It is watched for 30 seconds; the others follow when nothing happened. One refused client whose CA this change removes stops it there; other refusals do not count.";
    expect(oneNodeFirstText(usualStrategy)).toBe(usual);
    expect(oneNodeFirstText({ ...usualStrategy, observationSeconds: "soon" })).toBe(usual);
    const other = oneNodeFirstText({ ...oneFirst, observationSeconds: "0", maxRefusedClients: "2" });
    expect(other).toMatch(/^It has to prove the change; .* More than 2 refused clients whose CA/);
  });

  test("is what the API takes, up to its bounds and no further", () => {
    const { observationSeconds, maxRefusedClients } = strategyLimits;
    const most = { observationSeconds: String(observationSeconds), maxRefusedClients: String(maxRefusedClients) };
    const asked = { network: "STAGING", ...strategyRequest({ ...oneFirst, ...most }) } as const;
    expect(hasStrategyFault({ ...oneFirst, ...most })).toBe(false);
    expect(activationRequest.safeParse(asked).success).toBe(true);
    for (const name of ["observationSeconds", "maxRefusedClients"] as const)
      expect(activationRequest.safeParse({ ...asked, [name]: strategyLimits[name] + 1 }).success).toBe(false);
  });

  test.each(["", "-1", "1.5", "3601", "1e3", "soon", "0x10"])("is refused with %j seconds", (observationSeconds) => {
    const strategy = { ...oneFirst, observationSeconds };
    expect(strategyFault(strategy, "observationSeconds")).toBe("A whole number from 0 to 3,600.");
    expect(strategyFault(strategy, "maxRefusedClients")).toBeUndefined();
    expect(hasStrategyFault(strategy)).toBe(true);
    expect(hasStrategyFault({ ...strategy, order: "ALL_AT_ONCE" })).toBe(false);
  });
});
