import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pictureDirectory, shownPictures } from "../../tests/console/guide-pictures.ts";
import { pictureFile, looks } from "../../tests/console/picture-files.ts";
import { pictureNames } from "../../tests/console/picture-names.ts";

/**
 * Takes the pictures of the documentation anew, and one of every page and state for eyes: the browser tests go through the running
 * product and keep what they see. Behind the directory may follow the files of those tests that are to run; absent: all.
 */
const [given, ...chosen] = process.argv.slice(2);
const kept = given ?? mkdtempSync(join(tmpdir(), "tcm-pictures-"));
const tests = chosen.length === 0 ? ["tests/console"] : chosen;
// Ten times as long as without pictures is still good.
const { status } = spawnSync("npm", ["run", "test:long", "--", "--testTimeout=3600000", ...tests], {
  stdio: "inherit",
  env: { ...process.env, TCM_SCREENSHOTS: kept },
});

const wanted = pictureNames.flatMap((name) => looks.map((look) => pictureFile(name, look)));
const isTaken = (name: string): boolean => existsSync(join(kept, name));
for (const name of shownPictures().filter(isTaken)) copyFileSync(join(kept, name), join(pictureDirectory, name));
const missing = [...new Set([...shownPictures(), ...wanted])].filter((name) => !isTaken(name));
for (const name of missing) process.stderr.write(`no test took ${name}\n`);
process.stdout.write(`${wanted.length - missing.length} pictures of ${pictureNames.length} pages and states\n`);
if (given === undefined) rmSync(kept, { recursive: true });
process.exitCode = missing.length > 0 ? 1 : (status ?? 1);
