import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { leaveOutModules, leaveOutWords } from "./leave-out.ts";
import { writeNotices } from "./third-party.ts";

/** They come with PatternFly, and say it themselves in their name tables alone. */
const fonts = `Red Hat Display, Red Hat Mono and Red Hat Text (OFL-1.1)

Copyright 2024 The Red Hat Project Authors (https://github.com/RedHatOfficial/RedHatFont)
This Font Software is licensed under the SIL Open Font License, Version 1.1: https://openfontlicense.org
`;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    react(),
    // Answers are checked by schemas here; writing schemas down for others is the server's, and so is documenting endpoints.
    leaveOutModules(/\/zod\/v4\/core\/(?:to-json-schema|json-schema-processors)\.js$/),
    writeNotices(join(import.meta.dirname, "../.."), "third-party.txt", fonts),
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
