import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { runStart } from "../testing/run-start.ts";
import { runTcm, type RunOptions, type Transcript } from "../testing/run-tcm.ts";

const pki = testPki({ now: new Date() });
const done = { code: 0, err: "" };
const secret = "correct horse battery staple 1";

async function openWorkplace() {
  const { data, addresses } = await runStart();
  const made = await runTcm(["token", "create", "--role", "admin", "--data", data]);
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "first.pem"), pki.root("First Root").pem);
  const config = { TCM_URL: addresses[0], XDG_CONFIG_HOME: directory };
  const token = made.out.trim();
  const run = (line: string, environment: Record<string, string>, options: RunOptions): Promise<Transcript> =>
    runTcm(line.split(" "), { directory, environment: { ...config, ...environment }, ...options });
  return {
    data,
    token,
    /** With the administrator's token. */
    tcm: (line: string, options: RunOptions = {}) => run(line, { TCM_TOKEN: token }, options),
    /** As whoever signed in. */
    signedIn: (line: string, options: RunOptions = {}) => run(line, {}, options),
    login: join(directory, "tcm", "login.json"),
  };
}

describe("people on the command line", () => {
  test("are created, sign in, change their password, lose a role, are kept out", async () => {
    const { tcm, signedIn, login } = await openWorkplace();
    expect((await signedIn("login --name ada", { input: `${secret}\n` })).err).toContain("Use the one-time link");
    expect(await tcm("users create ada --role admin", { input: `${secret}\n` })).toEqual({
      ...done,
      out: 'User "ada" created as admin.\n',
    });
    expect(await tcm("users create bob --role editor", { input: `${secret}\n` })).toMatchObject(done);

    expect((await signedIn("sets")).err).toContain("tcm login");
    const wrong = await signedIn("login --name bob", { input: "not the password\n" });
    expect(wrong).toMatchObject({ code: 4, out: "" });
    expect(existsSync(login)).toBe(false);

    const entered = await signedIn("login --name bob", { input: `${secret}\n` });
    expect(entered).toMatchObject(done);
    expect(entered.out).toMatch(/^bob: editor, by session, until .*\nKept in .*login\.json\n$/);
    expect(statSync(login).mode & 0o777).toBe(0o600);
    expect(readFileSync(login, "utf8")).not.toContain(secret);
    expect(await signedIn("upload partners first.pem")).toMatchObject(done);
    expect((await signedIn("users")).code).toBe(4);

    const changed = await signedIn("password", { input: `${secret}\n${secret} and more\n` });
    expect(changed).toEqual({ ...done, out: "The password is changed; other sessions have ended.\n" });
    expect(await signedIn("whoami")).toMatchObject(done);
    expect((await tcm("users role bob viewer")).out).toBe('User "bob" changed: viewer.\n');
    expect((await signedIn("whoami")).err).toContain("unauthorized");
    expect(await tcm("users disable bob")).toMatchObject(done);
    expect((await signedIn("login --name bob", { input: `${secret} and more\n` })).code).toBe(4);

    expect((await signedIn("login --name ada", { input: `${secret}\n` })).code).toBe(0);
    expect((await signedIn("users")).out).toMatch(/^NAME .*\nada .*\nbob +viewer +password +disabled /);
    expect((await signedIn("logout")).out).toMatch(/^Signed out of http/);
    expect(existsSync(login)).toBe(false);
    expect((await signedIn("logout")).out).toBe("Nobody was signed in here.\n");
  }, 90_000);
});

describe("credentials on the command line", () => {
  test("are made, shown once, listed, kept by a login and revoked", async () => {
    const { tcm, signedIn } = await openWorkplace();
    const made = await tcm("tokens create ci --role editor --expires 90");
    expect(made).toMatchObject(done);
    expect(made.out).toMatch(/^tcm_[A-Za-z0-9_-]{43}\n$/);
    expect(await signedIn("login --with-token", { input: made.out })).toMatchObject(done);
    expect((await signedIn("whoami")).out).toMatch(/^token-2: editor, by token, until /);
    expect((await tcm("tokens")).out).toMatch(/ 2 {2}ci +tcm_/);
    expect((await tcm("tokens revoke 2")).out).toBe("Token 2 revoked.\n");
    expect((await signedIn("sets")).err).toContain("unauthorized");
    expect(await tcm("tokens revoke two")).toMatchObject({ code: 2, out: "" });

    const client = await tcm("api-clients create terraform --role deployer");
    expect(client.out).toMatch(/^\[.*\]\n(?:.+\n)*client_secret *= *\S+\n/);
    expect((await tcm("api-clients")).out).toContain("terraform");
    expect((await tcm("api-clients revoke 1")).out).toBe("API client 1 revoked.\n");
  }, 60_000);
});

describe("the audit record on the command line", () => {
  test("is listed and verified, beside a running control plane", async () => {
    const { tcm, data } = await openWorkplace();
    await tcm("sets create partners");
    expect((await tcm("audit list --by token-1 --limit 5")).out).toMatch(/\n +\d+ .* token-1 +CREATE_CA_SET +done /);
    const verified = await tcm(`audit verify --data ${data}`);
    expect(verified).toMatchObject(done);
    expect(verified.out).toMatch(/^The audit record is intact; head \d+:[0-9a-f]{64}\.\n$/);
    const forged = await tcm(`audit verify --data ${data} --head 1:${"0".repeat(64)} --json`);
    expect(forged.code).toBe(1);
    expect(JSON.parse(forged.out)).toMatchObject({ intact: false });
    expect(await tcm("audit verify --data ./nowhere")).toMatchObject({ code: 2, out: "" });
  }, 60_000);
});

describe("the records of a CA set on the command line", () => {
  test("are shown, compared, cloned and deleted", async () => {
    const { tcm } = await openWorkplace();
    expect((await tcm("upload partners first.pem --dry-run")).out).toContain(
      "Valid: 1 certificate. Nothing was written.\n",
    );
    expect((await tcm("sets")).out).toContain("No CA set yet.");
    await tcm("upload partners first.pem");
    await tcm("versions clone partners@1");
    const both = pki.root("Second Root").pem;
    expect(await tcm("upload partners first.pem - --version 2", { input: both })).toMatchObject(done);

    const diff = await tcm("versions diff partners@2 --against 1");
    expect(diff.out).toMatch(/^partners@2 against @1: 1 added, 0 removed, 1 kept\n\+ CN=Second Root {2}\[/);
    expect((await tcm("versions diff partners@1 --against 2")).out).toContain(
      "! clients of CN=Second Root lose access\n",
    );
    expect((await tcm("versions certificates partners@2")).out.split("\n")).toHaveLength(4);
    expect((await tcm("versions certificates partners@2 --expiring 30 --expired")).out).toBe("No such certificate.\n");
    expect((await tcm("versions certificates partners@2 --expiring 4000")).out).toContain("CN=Second Root");
    expect((await tcm("versions trust partners@2")).out).toContain("effective trust: 2 anchors\n");
    expect((await tcm("versions activations partners@2")).out).toBe("It was never deployed.\n");
    expect(await tcm("versions delete partners")).toMatchObject({ code: 2, out: "" });
    expect((await tcm("versions delete partners@2")).out).toBe("partners@2 deleted.\n");

    expect((await tcm("sets clone partners@1 partners-eu")).out).toBe('CA set 2 "partners-eu" created.\n');
    expect((await tcm("sets activities partners")).out).toMatch(/^DATE .*\n/);
    expect((await tcm("sets activations partners")).out).toBe("It was never deployed.\n");
    expect((await tcm("sets associations partners")).out).toBe("Nothing uses it.\n");
    expect((await tcm("sets delete partners --wait")).out).toMatch(/^Deletion of CA set 1 "partners": COMPLETE/);
    expect((await tcm("sets deletion 1")).out).toMatch(/COMPLETE/);
    expect((await tcm("sets")).out).not.toContain("partners\n");
  }, 90_000);
});

describe("what nodes and edge certificates do on the command line", () => {
  test("a node is drained and taken back, and an edge certificate changed", async () => {
    const { tcm } = await openWorkplace();
    await tcm("upload partners first.pem");
    await tcm("deploy partners --wait");
    await tcm("edge-certificates create --hostname shop.example --ca-set partners --wait");
    const update = "edge-certificates update 1 --mode observe --hostname shop.example pay.example --wait";
    const refused = await tcm(update);
    expect(refused).toMatchObject({ code: 4, out: "" });
    expect(refused.err).toContain("shop.example lets in clients without an accepted certificate");
    expect(refused.err).toContain("Option: --yes");
    expect((await tcm(`${update} --yes`)).out).toContain(
      "pay.example, shop.example  partners  observe  COMPLETE  COMPLETE\n",
    );
    expect((await tcm("edge-certificates update 1")).err).toBe("Nothing to change. See --help.\n");
    expect((await tcm("sets associations partners")).out).toContain("1  pay.example\n");
    const { edgeNodes } = JSON.parse((await tcm("nodes --json")).out) as {
      readonly edgeNodes: readonly { readonly nodeId: string }[];
    };
    const node = edgeNodes[0]?.nodeId ?? "";
    expect((await tcm(`nodes drain ${node}`)).out).toContain("drained");
    expect((await tcm(`nodes undrain ${node}`)).out).toContain("as expected");
  }, 90_000);
});
