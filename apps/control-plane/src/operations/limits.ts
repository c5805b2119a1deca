export { defaultLimits, type Limits, parseLimits } from "@tcm/api-contract";
