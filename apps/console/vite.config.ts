import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { leaveOutModules, leaveOutWords } from "./leave-out.ts";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    react(),
    // Answers are checked by schemas here; writing schemas down for others is the server's, and so is documenting endpoints.
    leaveOutModules(/\/zod\/v4\/core\/(?:to-json-schema|json-schema-processors)\.js$/),
    leaveOutWords(/\/packages\/api-contract\/src\/(?:\w+-)?endpoints\.ts$/, ["summary", "description"]),
  ],
  build: {
    target: "es2024",
    outDir: "dist",
    // Which part needs which others: what each page makes a browser fetch is held to its bound by that.
    manifest: "assets.json",
    // The policy of the page allows no data: scripts or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Modules of ours say what things are, and do nothing when they are loaded: what is not used is left out.
      treeshake: { moduleSideEffects: (id) => !/\/packages\/(?:core|api-contract)\/src\//.test(id) },
    },
    reportCompressedSize: false,
    // What is fetched first is held to its bound, compressed, by the tests.
    chunkSizeWarningLimit: 1_000,
  },
});
