import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePorts, temporaryDirectory, testPki } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { shareWorkplace } from "../testing/open-workplace.ts";
import { processIdOf, runStart } from "../testing/run-start.ts";
import { waitFor } from "../testing/wait-for.ts";
import { runTcm, type RunOptions, type Transcript } from "../testing/run-tcm.ts";
import { typeTcm } from "../testing/type-tcm.ts";

const pki = testPki({ now: new Date() });
const first = pki.root("First Root");
const second = pki.root("Second Root");

const partners = `caSets:
  - name: partners
    description: who may call us
    certificates: ["partners/*.pem"]
    networks: [staging, production]
`;
const bound = `${partners}edgeCertificates:
  - hostnames: [shop.example]
    caSet: partners
`;

/** A directory with a document and its certificates, and `tcm` in it. */
function openDirectory(environment: Readonly<Record<string, string>> = {}) {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "partners"));
  const put = (name: string, text: string): void => writeFileSync(join(directory, name), text);
  put("partners/first.pem", first.pem);
  put("tcm.yaml", partners);
  const tcm = (line: string, options: RunOptions = {}): Promise<Transcript> =>
    typeTcm(line.split(" "), { directory, environment, ...options });
  return { tcm, put, remove: (name: string): void => rmSync(join(directory, name)) };
}

const workplace = shareWorkplace();

async function createToken(data: string, role: string): Promise<string> {
  return (await runTcm(["token", "create", "--role", role, "--data", data])).out.trim();
}

const nothing = { code: 0, out: "Nothing to do.\n", err: "" };

describe("tcm apply", () => {
  // Takes away whatever else there is: before the others.
  test("leaves alone what is not mentioned, and takes it away only when that is asked for", async () => {
    const { tcm, put } = openDirectory(workplace().environment);
    put("tcm.yaml", bound);
    await tcm("apply -f tcm.yaml --yes --wait");
    put("tcm.yaml", partners.replace("partners\n", "employees\n"));
    expect((await tcm("plan -f tcm.yaml")).out).not.toContain("partners:");
    const plan = await tcm("plan -f tcm.yaml --prune");
    expect(plan.out).toContain(`5. delete edge certificate 1: shop.example
   ! shop.example is bound to no CA set any more
6. production: deactivate partners@1
7. staging: deactivate partners@1
8. delete CA set partners
8 changes, 4 of them taking something away, opening trust for 1 hostname.
`);
    const asked = await tcm("apply -f tcm.yaml --prune");
    expect(asked.code).toBe(2);
    expect(asked.err).toBe("Nobody can be asked here. Say --yes to go on without a question.\n");
    expect((await tcm("sets")).out).not.toContain("employees");
    expect(await tcm("apply -f tcm.yaml --prune --yes --wait")).toMatchObject({ code: 0, err: "" });
    const sets = (await tcm("sets")).out;
    expect(sets).toContain("employees");
    expect(sets).not.toContain("partners");
    expect(await tcm("apply -f tcm.yaml --prune")).toEqual(nothing);
  });

  test("creates, changes, binds, and finds nothing to do the second time", async () => {
    const { tcm, put, remove } = openDirectory(workplace().environment);

    const plan = await tcm("plan -f tcm.yaml");
    expect(plan).toMatchObject({ code: 1, err: "" });
    expect(plan.out).toBe(`1. create CA set partners
2. create a version of partners: 1 added, 0 removed, 0 kept
   + CN=First Root  [SHA-256 ${first.fingerprint}]
3. staging: activate partners@new
4. production: activate partners@new
4 changes.
`);
    expect((await tcm("sets")).out).not.toContain("partners");
    const applied = await tcm("apply -f tcm.yaml --yes --wait");
    expect(applied).toMatchObject({ code: 0, err: "" });
    expect(applied.out).toMatch(/staging +activate partners@1 +COMPLETE[^]*production +activate partners@1 +COMPLETE/);
    expect(applied.out).toMatch(/1\. create CA set partners: done\n[^]*4\. production: activate partners@new: done\n$/);
    expect(await tcm("apply -f tcm.yaml")).toEqual(nothing);
    expect(await tcm("plan -f tcm.yaml")).toEqual(nothing);

    put("partners/second.pem", second.pem);
    put("tcm.yaml", bound);
    const more = await tcm("apply -f tcm.yaml --yes --wait");
    expect(more).toMatchObject({ code: 0, err: "" });
    expect(more.out).toContain(`1 added, 0 removed, 1 kept (against version 1)\n   + CN=Second Root  [SHA-256 `);
    expect(more.out).toContain("bind shop.example to partners (deny): done\n");
    expect((await tcm("edge-certificates")).out).toContain("shop.example  partners  deny  COMPLETE  COMPLETE");
    expect(await tcm("apply -f tcm.yaml")).toEqual(nothing);

    remove("partners/first.pem");
    const removal = await tcm("plan -f tcm.yaml");
    expect(removal.out).toContain(`   - CN=First Root  [SHA-256 ${first.fingerprint}]\n`);
    expect(removal.out).toContain(
      `staging: activate partners@new in place of partners@2\n   ! clients of CN=First Root  [SHA-256 ${first.fingerprint}] lose access\n`,
    );
    expect(await tcm("apply -f tcm.yaml --yes --wait")).toMatchObject({ code: 0, err: "" });
    expect(await tcm("apply -f tcm.yaml")).toEqual(nothing);

    put("tcm.yaml", bound.replace("who may call us", "our partners"));
    expect((await tcm("apply -f tcm.yaml --yes")).out).toContain(
      "1. describe CA set partners\n   ~ description: who may call us becomes our partners\n",
    );
    expect(await tcm("apply -f tcm.yaml")).toEqual(nothing);

    // Back to what version 2 holds: it is deployed again, and no copy of it is made.
    put("partners/first.pem", first.pem);
    const observing = bound.replace("who may call us", "our partners");
    put("tcm.yaml", observing.replace("caSet: partners\n", "caSet: partners\n    mode: observe\n"));
    const back = await tcm("apply -f tcm.yaml --yes --wait");
    expect(back).toMatchObject({ code: 0, err: "" });
    expect(back.out).toContain("1. staging: activate partners@2 in place of partners@3\n");
    expect(back.out).toContain(
      "   ~ mode: deny becomes observe\n   ! shop.example lets in clients without an accepted certificate\n",
    );
    expect((await tcm("versions list partners")).out.trimEnd().split("\n")).toHaveLength(4);
    expect(await tcm("apply -f tcm.yaml")).toEqual(nothing);
  });

  test("says by its exit code that a wait ended first, and that a deployment failed; what follows is not attempted", async () => {
    const { data, addresses } = await runStart(undefined, ["--deployment-deadline", "10"]);
    const { tcm } = openDirectory({ TCM_URL: addresses[0], TCM_TOKEN: await createToken(data, "admin") });
    const staging = await waitFor(() => processIdOf(data, "staging-edge"));
    process.kill(staging, "SIGSTOP");
    onTestFinished(() => void process.kill(staging, "SIGCONT"));
    const impatient = await tcm("apply -f tcm.yaml --yes --timeout 0.1");
    expect(impatient).toMatchObject({ code: 3, err: "The wait ended before the deployment did.\n" });
    const results = "3. staging: activate partners@new: FAILED\n4. production: activate partners@new: not attempted\n";
    expect(impatient.out).toContain(`2. create a version of partners: 1 added, 0 removed, 0 kept: done\n${results}`);
    const failed = await tcm("apply -f tcm.yaml --yes --json");
    expect(failed).toMatchObject({ code: 1, err: "" });
    expect(JSON.parse(failed.out)).toMatchObject({
      steps: [
        { kind: "follow", outcome: "failed", reason: expect.stringContaining("staging-edge") as string },
        { kind: "activate", outcome: "not-attempted" },
      ],
    });
    expect(JSON.parse((await tcm("sets show partners --json")).out)).toMatchObject({ productionVersion: null });
    process.kill(staging, "SIGCONT");
    expect((await tcm("plan -f tcm.yaml")).out).toContain("1. staging: activate partners@1 again\n");
    expect(await tcm("apply -f tcm.yaml --yes --wait")).toMatchObject({ code: 0 });
    expect(await tcm("apply -f tcm.yaml")).toEqual(nothing);
  });

  test("stops at the first step that fails, and says what was done", async () => {
    const { instance, environment } = workplace();
    const { tcm, put } = openDirectory({ ...environment, TCM_TOKEN: await createToken(instance.data, "editor") });
    put("tcm.yaml", partners.replace("name: partners", "name: suppliers"));
    const { code, out, err } = await tcm("apply -f tcm.yaml --yes --wait");
    expect(code).toBe(4);
    expect(out).toMatch(
      /1\. create CA set suppliers: done\n2\. .*: done\n3\. staging: .*: done\n4\. production: .*: FAILED\n$/,
    );
    expect(err).toContain("(forbidden)");
    expect((await tcm("sets")).out).toMatch(/suppliers +1 +1 +- /);
    const again = await tcm("apply -f tcm.yaml --yes --json");
    expect(again.code).toBe(4);
    expect(JSON.parse(again.out)).toMatchObject({
      steps: [{ kind: "activate", outcome: "failed", problem: { status: 403 } }],
    });
  });

  test("writes nothing of a document whose certificates the server would refuse, and names their files", async () => {
    const { tcm, put } = openDirectory(workplace().environment);
    put("tcm.yaml", partners.replace("name: partners", "name: refused"));
    put("partners/leaf.pem", first.leaf("client-1").pem);
    const { code, out, err } = await tcm("apply -f tcm.yaml --yes");
    expect({ code, out }).toEqual({ code: 4, out: "" });
    expect(err).toContain('CA set "refused":\n');
    expect(err).toContain("error: not-a-ca-certificate  partners/leaf.pem, certificate 1\n");
    expect((await tcm("sets")).out).not.toContain("refused");
  });

  test("refuses hostnames whose set would not be active on both networks", async () => {
    const { tcm, put } = openDirectory(workplace().environment);
    put(
      "tcm.yaml",
      bound
        .replaceAll(/(name|caSet): partners/g, "$1: halves")
        .replace("[staging, production]", "[staging]")
        .replace("shop.example", "half.example"),
    );
    const { code, err } = await tcm("apply -f tcm.yaml --yes");
    expect(code).toBe(2);
    expect(err).toContain('half.example: CA set "halves" is not active on production. Add the networks to the set.\n');
  });
});

describe("a document that is wrong", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["broken YAML", 'caSets:\n  - name: "partners\n', "tcm.yaml, line 3: "],
    [
      "an unknown field",
      `${partners}    networkz: [staging]\n`,
      'tcm.yaml, line 6: "networkz" is no field of caSets.0. Did you mean networks?',
    ],
    [
      "a field of the wrong kind",
      partners.replace("[staging, production]", "staging"),
      "tcm.yaml, line 5: caSets.0.networks: ",
    ],
    ["a missing field", "caSets:\n  - name: partners\n", "tcm.yaml, line 2: caSets.0.certificates: "],
    [
      "a bad name",
      partners.replace("name: partners", "name: a b"),
      "tcm.yaml, line 2: caSets.0.name: a name has 3 to 64",
    ],
    [
      "an unknown list",
      partners.replace("caSets:", "casets:"),
      'tcm.yaml, line 1: "casets" is no field of the document. Did you mean caSets?',
    ],
    ["a key twice", `${partners}    name: again\n`, "tcm.yaml, line 6: "],
    ["a set twice", partners + partners.replace("caSets:\n", ""), 'tcm.yaml, line 6: "partners" is there twice.'],
    ["a glob without files", partners.replace("*.pem", "*.crt"), "tcm.yaml, line 4: no file is called partners/*.crt."],
    [
      "a missing file",
      partners.replace("*.pem", "third.pem"),
      "Cannot read partners/third.pem: there is no such file.",
    ],
    ["a number for a document", "42", "tcm.yaml, line 1: the document: "],
    ["aliases that grow", growing(), "tcm.yaml has more aliases than a person writes."],
    ["two documents", `${partners}---\n${partners}`, "tcm.yaml, line "],
  ];

  test.each(cases)("is refused with its line, and nothing is asked of the server: %s", async (_, text, sentence) => {
    const [port] = await freePorts(1);
    const { tcm, put } = openDirectory({ TCM_URL: `http://127.0.0.1:${port}`, TCM_TOKEN: "tcm_x" });
    put("tcm.yaml", text);
    const { code, out, err } = await tcm("apply -f tcm.yaml --yes");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(sentence);
    expect(err).not.toMatch(/^\s+at /m);
  });

  test("a private key beside the certificates is refused with its line and sent nowhere", async () => {
    const [port] = await freePorts(1);
    const { tcm, put } = openDirectory({ TCM_URL: `http://127.0.0.1:${port}`, TCM_TOKEN: "tcm_x" });
    put("partners/key.pem", first.privateKeyPem);
    const { code, out, err } = await tcm("apply -f tcm.yaml --yes");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("error: unexpected-pem-block  partners/key.pem, line 1\n");
    expect(err).not.toContain("MI");
  });
});

/** Nine levels of nine: the "billion laughs". */
function growing(): string {
  const levels = Array.from({ length: 8 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(", ")}]`);
  return ["l0: &l0 [x]", ...levels].join("\n");
}
