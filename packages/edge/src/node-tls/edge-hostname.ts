export { hostnameProblem, trialCaSetId, trialHostname, wildcardOf } from "@tcm/core";
