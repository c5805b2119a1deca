import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { shareWorkplace } from "../testing/open-workplace.ts";
import type { RunOptions } from "../testing/run-tcm.ts";

const pki = testPki({ now: new Date() });
const done = { code: 0, err: "" };
const secret = "correct horse battery staple 1";

const workplace = shareWorkplace();

/** With a PEM file in the directory, where a login is kept too. */
function openWorkplace() {
  const { instance, directory, environment, tcm } = workplace();
  writeFileSync(join(directory, "first.pem"), pki.root("First Root").pem);
  const nobody = { TCM_URL: instance.addresses[0], XDG_CONFIG_HOME: directory };
  return {
    data: instance.data,
    /** With the administrator's token. */
    tcm: (line: string, options: RunOptions = {}) =>
      tcm(line, { environment: { ...nobody, ...environment }, ...options }),
    /** As whoever signed in. */
    signedIn: (line: string, options: RunOptions = {}) => tcm(line, { environment: nobody, ...options }),
    login: join(directory, "tcm", "login.json"),
  };
}

describe("people on the command line", () => {
  test("are created, sign in, change their password, lose a role, are kept out", async () => {
    const { tcm, signedIn, login } = openWorkplace();
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
  });
});

describe("credentials on the command line", () => {
  test("are made, shown once, listed, kept by a login and revoked", async () => {
    const { tcm, signedIn } = openWorkplace();
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
  });
});

describe("the audit record on the command line", () => {
  test("is listed and verified, beside a running control plane", async () => {
    const { tcm, data } = openWorkplace();
    await tcm("sets create audited");
    expect((await tcm("audit list --by token-1 --limit 5")).out).toMatch(/\n +\d+ .* token-1 +CREATE_CA_SET +done /);
    const verified = await tcm(`audit verify --data ${data}`);
    expect(verified).toMatchObject(done);
    expect(verified.out).toMatch(/^The audit record is intact; head \d+:[0-9a-f]{64}\.\n$/);
    const forged = await tcm(`audit verify --data ${data} --head 1:${"0".repeat(64)} --json`);
    expect(forged.code).toBe(1);
    expect(JSON.parse(forged.out)).toMatchObject({ intact: false });
    expect(await tcm("audit verify --data ./nowhere")).toMatchObject({ code: 2, out: "" });
  });
});

describe("the records of a CA set on the command line", () => {
  test("are shown, compared, cloned and deleted", async () => {
    const { tcm } = openWorkplace();
    expect((await tcm("upload suppliers first.pem --dry-run")).out).toContain(
      "Valid: 1 certificate. Nothing was written.\n",
    );
    expect((await tcm("sets")).out).not.toContain("suppliers");
    await tcm("upload suppliers first.pem");
    await tcm("versions clone suppliers@1");
    const both = pki.root("Second Root").pem;
    expect(await tcm("upload suppliers first.pem - --version 2", { input: both })).toMatchObject(done);

    const diff = await tcm("versions diff suppliers@2 --against 1");
    expect(diff.out).toMatch(/^suppliers@2 against @1: 1 added, 0 removed, 1 kept\n\+ CN=Second Root {2}\[/);
    expect((await tcm("versions diff suppliers@1 --against 2")).out).toContain(
      "! clients of CN=Second Root lose access\n",
    );
    expect((await tcm("versions certificates suppliers@2")).out.split("\n")).toHaveLength(4);
    expect((await tcm("versions certificates suppliers@2 --expiring 30 --expired")).out).toBe("No such certificate.\n");
    expect((await tcm("versions certificates suppliers@2 --expiring 4000")).out).toContain("CN=Second Root");
    expect((await tcm("versions trust suppliers@2")).out).toContain("effective trust: 2 anchors\n");
    expect((await tcm("versions activations suppliers@2")).out).toBe("It was never deployed.\n");
    expect(await tcm("versions delete suppliers")).toMatchObject({ code: 2, out: "" });
    expect((await tcm("versions delete suppliers@2")).out).toBe("suppliers@2 deleted.\n");

    expect((await tcm("sets clone suppliers@1 suppliers-eu")).out).toMatch(/^CA set \d+ "suppliers-eu" created\.\n$/);
    expect((await tcm("sets activities suppliers")).out).toMatch(/^DATE .*\n/);
    expect((await tcm("sets activations suppliers")).out).toBe("It was never deployed.\n");
    expect((await tcm("sets associations suppliers")).out).toBe("Nothing uses it.\n");
    const { caSetId } = JSON.parse((await tcm("sets show suppliers --json")).out) as { readonly caSetId: string };
    expect((await tcm("sets delete suppliers --wait")).out).toMatch(/^Deletion of CA set \d+ "suppliers": COMPLETE/);
    expect((await tcm(`sets deletion ${caSetId}`)).out).toMatch(/COMPLETE/);
    expect((await tcm("sets")).out).not.toMatch(/ suppliers /);
  });
});

describe("what nodes and edge certificates do on the command line", () => {
  test("a node is drained and taken back, and an edge certificate changed", async () => {
    const { tcm } = openWorkplace();
    await tcm("upload merchants first.pem");
    await tcm("deploy merchants --wait");
    await tcm("edge-certificates create --hostname shop.example --ca-set merchants --wait");
    const update = "edge-certificates update 1 --mode observe --hostname shop.example pay.example --wait";
    const refused = await tcm(update);
    expect(refused).toMatchObject({ code: 4, out: "" });
    expect(refused.err).toContain("shop.example lets in clients without an accepted certificate");
    expect(refused.err).toContain("Option: --yes");
    expect((await tcm(`${update} --yes`)).out).toContain(
      "pay.example, shop.example  merchants  observe  COMPLETE  COMPLETE\n",
    );
    expect((await tcm("edge-certificates update 1")).err).toBe("Nothing to change. See --help.\n");
    expect((await tcm("sets associations merchants")).out).toContain("1  pay.example\n");
    const { edgeNodes } = JSON.parse((await tcm("nodes --json")).out) as {
      readonly edgeNodes: readonly { readonly nodeId: string }[];
    };
    const node = edgeNodes[0]?.nodeId ?? "";
    expect((await tcm(`nodes drain ${node}`)).out).toContain("drained");
    expect((await tcm(`nodes undrain ${node}`)).out).toContain("as expected");
  });
});
