import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pictureDirectory, shownPictures } from "../../tests/console/guide-pictures.ts";

/** Takes the pictures of the documentation anew: the browser tests go through the running product and keep what they see. */
const kept = process.argv[2] ?? mkdtempSync(join(tmpdir(), "tcm-pictures-"));
const { status } = spawnSync("npm", ["run", "test:long", "--", "tests/console"], {
  stdio: "inherit",
  env: { ...process.env, TCM_SCREENSHOTS: kept },
});

const missing = shownPictures().filter((name) => !existsSync(join(kept, name)));
for (const name of shownPictures().filter((one) => !missing.includes(one)))
  copyFileSync(join(kept, name), join(pictureDirectory, name));
for (const name of missing) process.stderr.write(`no test took ${name}\n`);
if (process.argv[2] === undefined) rmSync(kept, { recursive: true });
process.exitCode = missing.length > 0 ? 1 : (status ?? 1);
