import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    target: "es2024",
    outDir: "dist",
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
