import { enableCompileCache } from "node:module";
import { compileCacheDirectory } from "./compile-cache.ts";

// Before anything else is loaded: stripping types and compiling is most of what a short command does.
enableCompileCache(compileCacheDirectory);
await import("./run-process.ts");
