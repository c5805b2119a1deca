import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";

const credential = z.union([
  z.strictObject({ token: z.string().regex(/^[A-Za-z0-9._~+/=-]{1,512}$/) }),
  /** The cookie as the server named and set it. */
  z.strictObject({ session: z.string().regex(/^[A-Za-z0-9_-]{1,64}=[A-Za-z0-9_-]{1,512}$/) }),
]);
const storedLogin = z.strictObject({ url: z.string().max(2_048), credential });

export type Credential = Readonly<z.infer<typeof credential>>;
/** What `tcm login` keeps: one server and who asks there. */
export type StoredLogin = { readonly url: string; readonly credential: Credential };

type Environment = Readonly<Record<string, string | undefined>>;

/** XDG Base Directory: `$XDG_CONFIG_HOME/tcm/login.json`, else below `~/.config`. */
function loginFile(environment: Environment): string {
  const base = environment["XDG_CONFIG_HOME"];
  const config = base?.startsWith("/") === true ? base : join(environment["HOME"] ?? homedir(), ".config");
  return join(config, "tcm", "login.json");
}

/** Undefined when nobody signed in here. A file that is none of ours is said, and not guessed at. */
export function readLogin(environment: Environment): StoredLogin | undefined {
  const file = loginFile(environment);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unusable(file, cause);
  }
  try {
    return storedLogin.parse(JSON.parse(text));
  } catch (cause) {
    throw unusable(file, cause);
  }
}

/** In one step, and never readable by others: the new file is made with its mode before it takes the place of the old one. */
export function writeLogin(environment: Environment, login: StoredLogin): string {
  const file = loginFile(environment);
  const fresh = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    rmSync(fresh, { force: true });
    writeFileSync(fresh, `${JSON.stringify(login)}\n`, { mode: 0o600, flag: "wx" });
    chmodSync(fresh, 0o600);
    renameSync(fresh, file);
  } catch (cause) {
    throw new CommandFailure(exitCode.usage, `The login cannot be kept in ${file}.`, { cause });
  }
  return file;
}

export function removeLogin(environment: Environment): void {
  rmSync(loginFile(environment), { force: true });
}

function unusable(file: string, cause: unknown): CommandFailure {
  return new CommandFailure(exitCode.usage, `${file} cannot be read as a login. Remove it, and run: tcm login`, {
    cause,
  });
}
