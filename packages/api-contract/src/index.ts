export * from "./node-protocol.ts";
