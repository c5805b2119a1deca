import { mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTemporaryDirectory, removeDirectory, testPki } from "@tcm/testkit";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Instance } from "../e2e/instance.ts";
import { mustRun } from "../e2e/run-command.ts";
import { keepPicture, Person } from "./console-browser.ts";
import { describeInBrowser, startConsole, startMs, stopConsole } from "./console-under-test.ts";
import { JourneyPage } from "./journey-page.ts";

const pki = testPki({ now: new Date() });
const [a, b, c] = [pki.root("Root A"), pki.root("Root B"), pki.root("Root C")];
const secret = a.privateKeyPem.split("\n")[1] ?? "";
const fileInput = 'input[type="file"]:not([webkitdirectory])';
const bytes = (text: string): Buffer => Buffer.from(text);

/** Whatever people drop on the page by mistake: told all at once, by file and place, with what to do; nothing bad is sent. */
describeInBrowser("bad input in the browser", () => {
  const files = createTemporaryDirectory();
  let instance: Instance;
  let browser: Browser;
  let person: Person;
  let page: Page;
  /** The bodies of all requests that the page made. */
  const sent: string[] = [];
  /** Everything that the page wrote into the browser's log. */
  const logged: string[] = [];

  beforeAll(async () => {
    ({ instance, browser } = await startConsole());
    person = await Person.signIn(browser, instance, "editor", { isKept: true });
    page = person.page;
    page.setDefaultTimeout(120_000);
    page.on("request", (request) => sent.push(request.postData() ?? ""));
    page.on("console", (message) => logged.push(message.text()));
    await page.addInitScript(countReads);
  }, startMs);

  afterAll(async () => {
    await stopConsole({ instance, browser });
    removeDirectory(files);
  });

  async function begin(name: string): Promise<JourneyPage> {
    const journey = await JourneyPage.newSet(person, name);
    await page.getByRole("tab", { name: "Upload" }).click();
    return journey;
  }

  async function choose(...given: readonly (readonly [name: string, content: Buffer])[]): Promise<void> {
    const chosen = given.map(([name, buffer]) => ({ name, mimeType: "application/octet-stream", buffer }));
    await page.locator(fileInput).setInputFiles(chosen);
  }

  /** What the page says was not taken, an item a line. */
  async function notTaken(): Promise<readonly string[]> {
    const alert = page.locator(".pf-v6-c-alert", { hasText: "Not taken" });
    await alert.waitFor();
    return alert.getByRole("listitem").allTextContents();
  }

  async function expectNothingKept(text: string): Promise<void> {
    expect(text.length).toBeGreaterThan(40);
    expect(await page.content()).not.toContain(text);
    const fields = await page.locator("input, textarea").evaluateAll((all) => all.map((one) => one["value"] as string));
    expect(fields.join("\n")).not.toContain(text);
    expect(sent.join("\n")).not.toContain(text);
    expect(logged.join("\n")).not.toContain(text);
  }

  test("several files at once: each fault by its file and place with what to do, and the good ones are taken", async () => {
    const journey = await begin("many-faults");
    const certificate = join(files, "a.pem");
    writeFileSync(certificate, a.pem);
    const pkcs7 = await mustRun("openssl", ["crl2pkcs7", "-nocrl", "-certfile", certificate]);
    const pkcs7Der = join(files, "bundle.p7b");
    await mustRun("openssl", ["crl2pkcs7", "-nocrl", "-certfile", certificate, "-outform", "DER", "-out", pkcs7Der]);
    const damaged = b.pem.replace("\nM", "\n*");
    await choose(
      ["good.pem", bytes(a.pem)],
      ["good.der", Buffer.from(b.der)],
      ["picture.png", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 1, 2, 3])],
      ["empty.pem", Buffer.alloc(0)],
      ["bundle.p7b", readFileSync(pkcs7Der)],
      ["bundle-pem.p7b", bytes(pkcs7)],
      ["page.html", bytes("<!doctype html><html><body>404</body></html>")],
      ["three.pem", bytes(a.pem + damaged + c.pem)],
    );
    const told = await notTaken();
    const say = (file: string): string => told.find((line) => line.startsWith(file)) ?? `nothing of ${file}`;
    expect(say("picture.png, line 1")).toContain("-----BEGIN CERTIFICATE-----");
    expect(say("empty.pem, line 1")).toContain("-----BEGIN CERTIFICATE-----");
    expect(say("bundle.p7b")).toContain("openssl pkcs7 -inform der -print_certs");
    expect(say("bundle-pem.p7b, line 1")).toContain("openssl pkcs7 -print_certs");
    expect(say("page.html, line 1")).toContain("this is a web page");
    expect(say("three.pem, certificate 2 (line ")).toContain("base64");
    expect(told).toHaveLength(6);
    const table = page.getByRole("grid", { name: "Certificates of this version" });
    for (const from of ["good.pem, certificate 1", "good.der, certificate 1", "three.pem, certificate 3"])
      await table.getByText(from).waitFor();
    await person.expectAccessible();
    await keepPicture(page, "journey-not-taken");

    await journey.press("Upload and validate chains");
    await page.getByText("duplicate-certificate").waitFor();
    await page.getByText("is the same as good.pem, certificate 1 (line 1) and is kept once.").waitFor();
    await page.getByText("Valid: 3 certificates").waitFor();
    await page.getByText("3 certificates in this version. 1 row more is a copy").waitFor();
    await keepPicture(page, "journey-copies");
    expect(await page.getByRole("button", { name: "Next: review" }).isDisabled()).toBe(true);
    await journey.press("Go on without them");
    await journey.review();
    expect(person.faults).toEqual([]);
  });

  test("what the server finds wrong is told for all certificates at once, each by its file and place", async () => {
    const journey = await begin("server-faults");
    const leaf = a.leaf("client-1");
    const orphan = pki.root("Nobody here").intermediate("Orphan");
    const broken = bytes(b.pem.replace(/\n[A-Za-z0-9+/=]+\n-----END/, "\n-----END"));
    await choose(["three.pem", bytes(a.pem + leaf.pem + orphan.pem)], ["broken.pem", broken]);
    await journey.press("Upload and validate chains");
    const alert = page.locator(".pf-v6-c-alert", { hasText: "problems to mend" });
    await alert.waitFor();
    const told = await alert.getByRole("listitem").allTextContents();
    const about = (code: string): string => told.find((line) => line.includes(` ${code}`)) ?? `no ${code}`;
    expect(about("not-a-ca-certificate")).toMatch(/^three\.pem, certificate 2 \(line \d+\): /);
    expect(about("issuer-not-in-set")).toMatch(/^three\.pem, certificate 3 \(line \d+\): /);
    expect(told.filter((line) => line.startsWith("broken.pem, certificate 1 (line 1): "))).toHaveLength(1);
    await person.expectAccessible();
    await page.getByText("see the problem above").waitFor();
    await keepPicture(page, "journey-problems");
    await page.getByRole("button", { name: "Remove it: broken.pem, certificate 1 (line 1)" }).click();
    await page.getByText("3 certificates in this version").waitFor();
    await page.getByText("to mend, as of the last validation").waitFor();
    await page.getByText("Upload and validate chains again before Review.").waitFor();
    for (const [from, code] of [
      ["three.pem, certificate 2", "not-a-ca-certificate"],
      ["three.pem, certificate 3", "issuer-not-in-set"],
    ] as const)
      await alert.getByRole("listitem").filter({ hasText: from }).getByText(code).waitFor();
    expect(await alert.getByText("broken.pem").count()).toBe(0);
    const removals = await alert.getByRole("button", { name: /^Remove it: / }).count();
    expect(removals).toBe(2);
    await alert.getByRole("button", { name: "Remove these 2 certificates" }).waitFor();
    const table = page.getByRole("grid", { name: "Certificates of this version" });
    await expect.poll(() => table.getByText(/^expires in /).count()).toBe(3);
    expect(await page.getByRole("button", { name: "Next: review" }).isDisabled()).toBe(true);
    await person.expectAccessible();
    await keepPicture(page, "journey-problems-left");
    await journey.pressByKeyboard("Remove these 2 certificates");
    await page.getByText("1 certificate in this version").waitFor();
    await page.getByText("Nothing that the last validation found is left.").waitFor();
  });

  test.each([
    ["pasted", (page_: Page, text: string) => page_.getByLabel("Certificates in PEM").fill(text)],
    [
      "pasted without its first line",
      (page_: Page, text: string) =>
        page_.getByLabel("Certificates in PEM").fill(text.replace(/-----BEGIN [A-Z ]*PRIVATE KEY-----\n/, "")),
    ],
  ] as const)("a private key that is %s is kept out of the page, of its log and of the network", async (how, paste) => {
    await JourneyPage.newSet(person, `key-${how.length}`);
    await paste(page, `${a.pem}\n${a.privateKeyPem}`);
    await page.getByText("this is a private key. It was not kept and not sent").waitFor();
    expect(await page.getByLabel("Certificates in PEM").inputValue()).toBe("");
    expect(await page.getByText("in this version").count()).toBe(0);
    await expectNothingKept(secret);
    await person.expectAccessible();
    if (how === "pasted") await keepPicture(page, "journey-private-key");
  });

  test("a private key in a file, or typed as a description, is kept nowhere; other files are taken", async () => {
    const journey = await begin("key-in-file");
    await choose(["key.pem", bytes(a.pem + a.privateKeyPem)], ["good.pem", bytes(b.pem)]);
    expect(await notTaken()).toEqual([expect.stringMatching(/^key\.pem, line \d+: this is a private key/)]);
    await page.getByText("1 certificate in this version").waitFor();
    await page.getByRole("button", { name: "Describe good.pem, certificate 1 (line 1)" }).click();
    await page.getByLabel("What is known of good.pem").fill(secret);
    await page.keyboard.press("Enter");
    await page.getByText("A description is for people").waitFor();
    await person.expectAccessible();
    await keepPicture(page, "journey-key-described");
    await page.keyboard.press("Escape");
    await journey.press("Upload and validate chains");
    await page.getByText("Valid: 1 certificate").waitFor();
    await expectNothingKept(secret);
  });

  test("a file of 20 MB is refused before a byte of it is read or sent", async () => {
    await begin("large-file");
    const before = sent.length;
    const film = join(files, "film.mp4");
    writeFileSync(film, "");
    truncateSync(film, 20_000_000);
    await page.locator(fileInput).setInputFiles([film]);
    await page.getByText("the largest is film.mp4").waitFor();
    expect(await page.evaluate("globalThis.readFiles")).toEqual([]);
    expect(sent.slice(before).join("").length).toBeLessThan(1_000);
    await person.expectAccessible();
    await keepPicture(page, "journey-too-large");
    await choose(["good.pem", bytes(a.pem)]);
    await page.getByText("1 certificate in this version").waitFor();
    expect(await page.evaluate("globalThis.readFiles")).toEqual(["good.pem"]);
    expect(await page.getByText("the largest is film.mp4").count()).toBe(0);
  });

  test("301 certificates are told to be too many, and 300 are taken", async () => {
    const journey = await begin("too-many");
    const pems = Array.from({ length: 301 }, (_, i) => pki.root(`Partner ${i} Root`).pem);
    await choose(["all.pem", bytes(pems.join(""))]);
    await page.getByText("301 certificates in this version").waitFor();
    await journey.press("Upload and validate chains");
    await page.getByText("301 certificates were submitted; a version holds at most 300.").waitFor();
    await person.expectAccessible();
    await keepPicture(page, "journey-too-many");
    await page.getByRole("heading", { name: "Certificates", exact: true }).scrollIntoViewIfNeeded();
    await page.getByRole("button", { name: "Remove all.pem, certificate 1 (line 1)" }).click();
    await journey.press("Upload and validate chains");
    await page.getByText("Valid: 300 certificates").waitFor();
    await journey.review();
    await page.getByText("300 roots, 0 intermediates").waitFor();
    await keepPicture(page, "journey-300");

    // On a small screen 300 rows do not stand before what is to be done.
    await page.setViewportSize({ width: 320, height: 640 });
    const table = page.getByRole("grid", { name: "Certificates that will be saved" });
    const tree = page.getByRole("tree", { name: "Structure of too-many" });
    await page.getByRole("button", { name: "Show all 300 certificates" }).waitFor();
    expect([await table.getByRole("row").count(), await tree.count()]).toEqual([10, 0]);
    await person.expectAccessible();
    await journey.pressByKeyboard("Show all 300 certificates");
    await table.getByText("Partner 12 Root").waitFor();
    await journey.press("Show how the certificates hang together");
    await tree.waitFor();
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(person.faults).toEqual([]);
  });

  test("several files are dropped on the page", async () => {
    const journey = await begin("dropped");
    const dropped = [
      { name: "first.pem", text: a.pem },
      { name: "second.pem", text: b.pem + c.pem },
      { name: "page.html", text: "<html></html>" },
    ];
    const transfer = await page.evaluateHandle(`(() => {
      const data = new DataTransfer();
      for (const { name, text } of ${JSON.stringify(dropped)}) data.items.add(new File([text], name));
      return data;
    })()`);
    await page.getByText("Drop files or folders here").dispatchEvent("drop", { dataTransfer: transfer });
    await page.getByText("3 certificates in this version").waitFor();
    expect(await notTaken()).toEqual([expect.stringMatching(/^page\.html, line 1: this is a web page/)]);
    await journey.press("Go on without it");
    await journey.press("Upload and validate chains");
    await page.getByText("Valid: 3 certificates").waitFor();
    expect(person.faults).toEqual([]);
  });

  test("a folder that is dropped, or chosen, gives the files in it by their paths, and what is none is told", async () => {
    const partners = join(files, "partners");
    const many = Array.from({ length: 120 }, (_, i) => `partner-${i}.pem`);
    mkdirSync(join(partners, "eu/.git"), { recursive: true });
    for (const name of [".DS_Store", "eu/.git/config"]) writeFileSync(join(partners, name), "hidden");
    writeFileSync(join(partners, "README.txt"), "Our partners");
    writeFileSync(join(partners, "root.pem"), a.pem);
    for (const name of many) writeFileSync(join(partners, "eu", name), b.pem);
    const nothing = join(files, "nothing");
    mkdirSync(nothing);

    await begin("dropped-folder");
    await dropOn(page.getByText("Drop files or folders here"), [nothing, partners]);
    // Chromium gives a hundred entries of a folder at a time.
    await page.getByText("2 certificates in this version. 119 rows more are copies").waitFor();
    const told = [
      expect.stringMatching(/^partners\/README\.txt, line 1: .*BEGIN CERTIFICATE/),
      "nothing: there is no file in this folder.",
    ];
    expect(await notTaken()).toEqual(told);
    const table = page.getByRole("grid", { name: "Certificates of this version" });
    await table.getByText("partners/eu/partner-0.pem, certificate 1 (line 1)").waitFor();
    await keepPicture(page, "journey-folder");

    await begin("chosen-folder");
    await page.locator("input[webkitdirectory]").setInputFiles(partners);
    await page.getByText("2 certificates in this version. 119 rows more are copies").waitFor();
    expect(await notTaken()).toEqual(told.slice(0, 1));
    expect(person.faults).toEqual([]);
  });
});

/** As a person drops them from another program, folders too: a page itself can only make files up. */
async function dropOn(place: Locator, paths: readonly string[]): Promise<void> {
  const page = place.page();
  // What is above it may still come: it stays where it is by then.
  await place.hover({ trial: true });
  const { x, y, width, height } = (await place.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  const browser = await page.context().newCDPSession(page);
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await browser.send("Input.dispatchDragEvent", { type, x: x + width / 2, y: y + height / 2, data });
}

/** Runs in the page before its own code: which files were really read. */
const countReads = `
  globalThis.readFiles = [];
  for (const name of ["arrayBuffer", "text", "stream", "bytes", "slice"]) {
    const plain = Blob.prototype[name];
    Blob.prototype[name] = function (...given) {
      if (this instanceof File) globalThis.readFiles.push(this.name);
      return plain.apply(this, given);
    };
  }
`;
