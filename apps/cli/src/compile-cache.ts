import { fileURLToPath } from "node:url";

/**
 * Where Node keeps compiled modules: beside the installed dependencies, under the same owner as the code itself. A directory
 * for everybody, such as the default below the temporary one, would let others hand us code. Where it cannot be written,
 * Node goes without.
 */
export const compileCacheDirectory = fileURLToPath(new URL("../../../node_modules/.cache/tcm", import.meta.url));
