import { argon2, type Argon2Parameters, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

/** OWASP, Password Storage: argon2id with 19 MiB, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const saltBytes = 16;
/** Each holds 19 MiB and a thread of the pool, which files and names share. */
const maxRunning = 2;
const maxWaiting = 16;

const derive = promisify((parameters: Argon2Parameters, done: (error: Error | null, key: Buffer) => void) =>
  argon2("argon2id", parameters, done),
);

let running = 0;
const waiting: (() => void)[] = [];

/** In the form of the PHC string format. Undefined: too many wait already. */
export async function hashPassword(password: string): Promise<string | undefined> {
  const salt = randomBytes(saltBytes);
  const key = await inTurn(() => derive({ ...cost, message: normalised(password), nonce: salt }));
  if (key === "busy") return undefined;
  const { memory, passes, parallelism } = cost;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(key)}`;
}

/** Takes as long when there is no hash to compare with: that an account does not exist cannot be told from a wrong password. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean | "busy"> {
  const { salt, key, ...parameters } = parse(stored ?? "") ?? nobody;
  const derived = await inTurn(() =>
    derive({ ...parameters, tagLength: key.length, message: normalised(password), nonce: salt }),
  );
  if (derived === "busy") return derived;
  return timingSafeEqual(derived, key) && stored !== null;
}

const nobody = {
  memory: cost.memory,
  passes: cost.passes,
  parallelism: 1,
  salt: Buffer.alloc(16),
  key: Buffer.alloc(32),
};

function parse(stored: string) {
  const [, memory, passes, parallelism, salt = "", key = ""] =
    /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(stored) ?? [];
  if (key === "") return undefined;
  const bytes = { salt: Buffer.from(salt, "base64"), key: Buffer.from(key, "base64") };
  return { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism), ...bytes };
}

/** NIST SP 800-63B: the same password typed on another keyboard has the same bytes. */
function normalised(password: string): string {
  return password.normalize("NFKC");
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}

async function inTurn<T>(work: () => Promise<T>): Promise<T | "busy"> {
  if (running >= maxRunning) {
    if (waiting.length >= maxWaiting) return "busy";
    // Who ends hands the place on, so that `running` stays as it is.
    await new Promise<void>((resume) => waiting.push(resume));
  } else running++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}
