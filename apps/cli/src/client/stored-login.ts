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

/** XDG Base Directory: `$XDG_CONFIG_HOME/tcm/login.json`, else below `~/.config`; undefined when there is neither. */
function loginFile(environment: Environment, systemHome: () => string): string | undefined {
  const base = environment["XDG_CONFIG_HOME"];
  if (base?.startsWith("/") === true) return join(base, "tcm", "login.json");
  const home = environment["HOME"] ?? homeOfUser(systemHome);
  return home === undefined ? undefined : join(home, ".config", "tcm", "login.json");
}

/** The users of many containers are numbers that the system does not know, without a home. */
function homeOfUser(systemHome: () => string): string | undefined {
  try {
    return systemHome();
  } catch {
    return undefined;
  }
}

/** Undefined when nobody signed in here. A file that is none of ours is said, and not guessed at. */
export function readLogin(environment: Environment, systemHome = homedir): StoredLogin | undefined {
  const file = loginFile(environment, systemHome);
  if (file === undefined) return undefined;
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
export function writeLogin(environment: Environment, login: StoredLogin, systemHome = homedir): string {
  const file = loginFile(environment, systemHome);
  if (file === undefined) throw new CommandFailure(exitCode.usage, noPlace);
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

export function removeLogin(environment: Environment, systemHome = homedir): void {
  const file = loginFile(environment, systemHome);
  if (file !== undefined) rmSync(file, { force: true });
}

const noPlace =
  "The login cannot be kept: this user has no home directory. Name a directory for it with XDG_CONFIG_HOME, or set TCM_URL and TCM_TOKEN.";

function unusable(file: string, cause: unknown): CommandFailure {
  return new CommandFailure(exitCode.usage, `${file} cannot be read as a login. Remove it, and run: tcm login`, {
    cause,
  });
}
