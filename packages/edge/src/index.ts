export type * from "./edge-engine.ts";
