import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { refusal, problemOf } from "../testing/api-client.ts";
import { Browser } from "../testing/browser.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";

const minute = 60_000;
const password = "seven green kettles";

let plane: ControlPlaneHarness;
beforeAll(async () => (plane = await ControlPlaneHarness.start()));
afterAll(() => plane.remove());

const newBrowser = (of = plane): Browser => new Browser(of.ask, of.controlPlane.url);
let names = 0;

async function newUser(role = "editor", of = plane): Promise<string> {
  const name = `user${++names}@tcm.example`;
  const answer = await of.ask("POST", "/users", { body: { name, role, password } });
  expect(answer.status).toBe(201);
  return name;
}

async function signedIn(name: string): Promise<Browser> {
  const browser = newBrowser();
  const answer = await browser.send("POST", "/session", { name, password });
  expect(answer.status).toBe(201);
  return browser;
}

const unauthorized = [401, "unauthorized"];
const forbidden = [403, "forbidden"];

describe("the first administrator", () => {
  let fresh: ControlPlaneHarness;
  let token: string;
  beforeEach(async () => {
    fresh = await ControlPlaneHarness.start();
    token = new URL(fresh.controlPlane.signInLink ?? "").hash.replace("#first=", "");
    return () => fresh.remove();
  });
  const redeem = (changes: object = {}, browser = newBrowser(fresh)) =>
    browser.send("POST", "/session/redeem", { token, name: "root@tcm.example", password, ...changes });

  test("is made by the link of the first start, and signed in by it", async () => {
    const options = () => fresh.ask("GET", "/session/options", { token: null });
    expect((await options()).body).toEqual({ password: true, oidc: false, awaitsFirstAdmin: true });
    const browser = newBrowser(fresh);
    const made = await redeem({}, browser);
    expect([made.status, made.body]).toMatchObject([201, { name: "root@tcm.example", role: "admin", kind: "session" }]);
    expect((await browser.send("GET", "/users")).body).toMatchObject({
      users: [{ role: "admin", signIn: "password" }],
    });
    expect((await options()).body).toMatchObject({ awaitsFirstAdmin: false });
  });

  test("the link is good once, also for two at the same time", async () => {
    const answers = await Promise.all([redeem(), redeem({ name: "second@tcm.example" })]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 403]);
    expect(refusal(await redeem({ name: "third@tcm.example" }))).toEqual([403, "sign-in-link-not-valid"]);
  });

  test("the link is good for fifteen minutes", async () => {
    fresh.clock.advance(15 * minute);
    expect(refusal(await redeem())).toEqual([403, "sign-in-link-not-valid"]);
  });

  test("the link is dead once an administrator exists, however they came to be", async () => {
    await newUser("admin", fresh);
    expect(refusal(await redeem())).toEqual([403, "sign-in-link-not-valid"]);
  });

  test("a bad password does not use the link up; another token is none", async () => {
    expect(refusal(await redeem({ password: "short" }))).toEqual([400, "password-not-acceptable"]);
    expect(refusal(await redeem({ token: "A".repeat(43) }))).toEqual([403, "sign-in-link-not-valid"]);
    expect((await redeem()).status).toBe(201);
  });

  test("the token is in the fragment, and neither in the log nor in the data directory", () => {
    expect(fresh.controlPlane.signInLink).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sign-in#first=[\w-]{43}$/);
    expect(fresh.everythingWritten).not.toContain(token);
  });

  test("a later start makes a new link as long as there is none, and none afterwards", async () => {
    await fresh.stop();
    fresh = await ControlPlaneHarness.start({ directory: fresh.directory });
    expect(refusal(await redeem())).toEqual([403, "sign-in-link-not-valid"]);
    token = new URL(fresh.controlPlane.signInLink ?? "").hash.replace("#first=", "");
    expect((await redeem()).status).toBe(201);
    await fresh.stop();
    fresh = await ControlPlaneHarness.start({ directory: fresh.directory });
    expect(fresh.controlPlane.signInLink).toBeUndefined();
  });
});

describe("passwords", () => {
  const create = (name: string, given: string) =>
    plane.ask("POST", "/users", { body: { name, role: "viewer", password: given } });

  test.each([
    ["eleven characters", "abcdefghijk"],
    ["257 characters", "abc1".repeat(64) + "a"],
    ["one that is tried first", "Password123!"],
    ["another one", "changemechangeme"],
    ["counting", "123456789012"],
    ["one character", "aaaaaaaaaaaaaaaa"],
    ["the name of the user", "rules-user01"],
    ["the name and three more", "rules-user01abc"],
  ])("refuses %s", async (_what, given) => {
    expect(refusal(await create("rules-user01", given))).toEqual([400, "password-not-acceptable"]);
  });

  test.each([
    ["twelve characters of one kind", "abcdefghijkm"],
    ["256 characters", "abc1".repeat(64)],
    ["twelve characters of several bytes", "пароль-кит-ы"],
    ["spaces and signs", "  four words, no rule  "],
  ])("takes %s, and lets them in", async (_what, given) => {
    const name = `rules${++names}`;
    expect((await create(name, given)).status).toBe(201);
    expect((await newBrowser().send("POST", "/session", { name, password: given })).status).toBe(201);
  });

  test("are kept as argon2id with a salt of their own, and nowhere in the clear", async () => {
    const [one, two] = [await newUser(), await newUser()];
    const { db } = plane.controlPlane.context.store;
    const rows = await db.selectFrom("users").select("password_hash").where("name", "in", [one, two]).execute();
    const hashes = rows.map(({ password_hash }) => password_hash ?? "");
    for (const hash of hashes) expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(new Set(hashes).size).toBe(2);
    await signedIn(one);
    expect(plane.everythingWritten).not.toContain(password);
  });
});

describe("signing in", () => {
  test("sets an opaque cookie that scripts cannot read and other sites do not send", async () => {
    const name = await newUser();
    const answer = await newBrowser().send("POST", "/session", { name, password });
    const [cookie = ""] = answer.headers["set-cookie"] ?? [];
    expect(cookie).toMatch(/^tcm-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(plane.everythingWritten).not.toContain(cookie.slice(12, 55));
    expect(answer.body).toMatchObject({
      name,
      role: "editor",
      kind: "session",
      permissions: ["read", "edit", "deploy-staging"],
    });
  });

  test("a wrong password, an unknown name and a disabled account are told apart by nobody", async () => {
    const [known, disabled] = [await newUser(), await newUser()];
    const { body } = await plane.ask("GET", "/users");
    const { userId } =
      (body as { users: { name: string; userId: number }[] }).users.find((u) => u.name === disabled) ?? {};
    expect((await plane.ask("PATCH", `/users/${userId}`, { body: { disabled: true } })).status).toBe(200);
    const tries = [
      { name: known, password: "seven green kettle" },
      { name: "nobody@tcm.example", password },
      { name: disabled, password },
    ];
    const answers = [];
    for (const attempt of tries) answers.push(await newBrowser().send("POST", "/session", attempt));
    for (const answer of answers) expect(refusal(answer)).toEqual(unauthorized);
    expect(new Set(answers.map((answer) => problemOf(answer).detail)).size).toBe(1);
  });

  test("never takes over a session that the browser brought along", async () => {
    const [victim, attacker] = [await newUser(), await newUser()];
    const browser = await signedIn(attacker);
    const planted = browser.cookies.get("tcm-session");
    const answer = await browser.send("POST", "/session", { name: victim, password });
    expect(answer.status).toBe(201);
    expect(browser.cookies.get("tcm-session")).not.toBe(planted);
    const thief = newBrowser();
    thief.cookies.set("tcm-session", planted ?? "");
    expect(refusal(await thief.send("GET", "/session"))).toEqual(unauthorized);
  });

  test.each([
    "A".repeat(43),
    "",
    "x",
    "a".repeat(10_000),
    "'; DROP TABLE sessions",
  ])("a cookie that was made up is none: %.20s", async (value) => {
    const browser = newBrowser();
    browser.cookies.set("tcm-session", value);
    expect(refusal(await browser.send("GET", "/session"))).toEqual(unauthorized);
  });
});

describe("tries to sign in are limited", () => {
  const guess = (name: string, of: ControlPlaneHarness) =>
    newBrowser(of).send("POST", "/session", { name, password: "not the password" });

  test("ten of an account from one address within fifteen minutes, the right password included; then again", async () => {
    const name = await newUser();
    for (let i = 0; i < 10; i++) expect(refusal(await guess(name, plane))).toEqual(unauthorized);
    const limited = await newBrowser().send("POST", "/session", { name, password });
    expect(refusal(limited)).toEqual([429, "sign-in-limit-reached"]);
    expect(Date.parse(limited.headers["retry-after"] ?? "")).toBe(plane.clock.now() + 15 * minute);
    plane.clock.advance(15 * minute);
    await signedIn(name);
  });

  test("many at the same time are counted one by one", async () => {
    const name = await newUser();
    const answers = await Promise.all(Array.from({ length: 16 }, () => guess(name, plane)));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(6);
  });

  test("who signs in starts anew", async () => {
    const name = await newUser();
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 9; i++) await guess(name, plane);
      await signedIn(name);
    }
  });

  test("fifty from an address, whatever the accounts; a good account in between changes nothing", async () => {
    const other = await ControlPlaneHarness.start();
    try {
      const good = await newUser("viewer", other);
      for (let i = 0; i < 50; i++) {
        expect(refusal(await guess(`guess${i}`, other))).toEqual(unauthorized);
        if (i % 10 === 0)
          expect((await newBrowser(other).send("POST", "/session", { name: good, password })).status).toBe(201);
      }
      expect(refusal(await guess("guess51", other))).toEqual([429, "sign-in-limit-reached"]);
      await other.stop();
      const again = await ControlPlaneHarness.start({ directory: other.directory });
      expect(refusal(await guess("guess52", again))).toEqual([429, "sign-in-limit-reached"]);
      await again.stop();
    } finally {
      await other.remove();
    }
  });
});

describe("a session ends", () => {
  test("after two hours without use, and not before", async () => {
    const browser = await signedIn(await newUser());
    plane.clock.advance(119 * minute);
    expect((await browser.send("GET", "/session")).status).toBe(200);
    plane.clock.advance(119 * minute);
    expect((await browser.send("GET", "/session")).status).toBe(200);
    plane.clock.advance(120 * minute);
    expect(refusal(await browser.send("GET", "/session"))).toEqual(unauthorized);
  });

  test("after twelve hours, however much it is used", async () => {
    const browser = await signedIn(await newUser());
    for (let hour = 1; hour < 12; hour++) {
      plane.clock.advance(60 * minute);
      expect((await browser.send("GET", "/session")).status).toBe(200);
    }
    plane.clock.advance(60 * minute);
    expect(refusal(await browser.send("GET", "/session"))).toEqual(unauthorized);
  });

  test("by signing out, for whoever kept the cookie", async () => {
    const browser = await signedIn(await newUser());
    const kept = browser.cookies.get("tcm-session") ?? "";
    expect((await browser.send("DELETE", "/session")).status).toBe(204);
    expect(browser.cookies.size).toBe(0);
    browser.cookies.set("tcm-session", kept);
    expect(refusal(await browser.send("GET", "/session"))).toEqual(unauthorized);
  });

  test("everywhere, when the password is changed, but for the page that changed it", async () => {
    const name = await newUser();
    const [here, there] = [await signedIn(name), await signedIn(name)];
    const wrong = { currentPassword: "not the password", newPassword: "eight blue lanterns" };
    expect(refusal(await here.send("POST", "/session/password", wrong))).toEqual(unauthorized);
    const weak = { currentPassword: password, newPassword: "short" };
    expect(refusal(await here.send("POST", "/session/password", weak))).toEqual([400, "password-not-acceptable"]);
    const change = { currentPassword: password, newPassword: "eight blue lanterns" };
    expect((await here.send("POST", "/session/password", change)).status).toBe(200);
    expect((await here.send("GET", "/session")).status).toBe(200);
    expect(refusal(await there.send("GET", "/session"))).toEqual(unauthorized);
    expect(refusal(await newBrowser().send("POST", "/session", { name, password }))).toEqual(unauthorized);
  });

  test.each([
    { role: "viewer" },
    { disabled: true },
    { password: "nine red umbrellas" },
  ])("when an administrator changes the user: %j", async (change) => {
    const name = await newUser();
    const browser = await signedIn(name);
    const { body } = await plane.ask("GET", "/users");
    const user = (body as { users: { name: string; userId: number }[] }).users.find((u) => u.name === name);
    expect((await plane.ask("PATCH", `/users/${user?.userId}`, { body: change })).status).toBe(200);
    expect(refusal(await browser.send("GET", "/session"))).toEqual(unauthorized);
  });
});

describe("other sites cannot use a session (CSRF)", () => {
  let browser: Browser;
  beforeAll(async () => (browser = await signedIn(await newUser("admin"))));
  const create = (headers: Readonly<Record<string, string | undefined>>) =>
    browser.send("POST", "/ca-sets", { caSetName: `csrf-${++names}` }, headers);

  test("the page itself may", async () => expect((await create({})).status).toBe(201));

  test.each<[string, Record<string, string | undefined>]>([
    ["another origin", { origin: "https://evil.example" }],
    ["another port of this host", { origin: "http://127.0.0.1:1" }],
    ["another scheme", { origin: "https://127.0.0.1" }],
    ["no origin to tell", { origin: "null" }],
    ["no origin", { origin: undefined }],
    ["no header of our scripts", { "x-tcm-request": undefined }],
  ])("refuses %s", async (_what, headers) => expect(refusal(await create(headers))).toEqual(forbidden));

  test("refuses a body as forms send it", async () => {
    const answer = await browser.send("POST", "/ca-sets", { caSetName: "form" }, { "content-type": "text/plain" });
    expect(refusal(answer)).toEqual([415, "media-type-not-supported"]);
  });

  test("refuses a form that signs somebody in as another", async () => {
    const answer = await newBrowser().send(
      "POST",
      "/session",
      { name: "x", password },
      { origin: "https://evil.example" },
    );
    expect(refusal(answer)).toEqual(forbidden);
  });

  test.each(["DELETE", "PATCH", "PUT"])("%s is guarded as POST is", async (method) => {
    const answer = await browser.send(method, "/ca-sets/1", {}, { "x-tcm-request": undefined });
    expect([forbidden, [405, "method-not-allowed"]]).toContainEqual(refusal(answer));
  });

  test("a token needs none of it: no browser sends one by itself", async () => {
    expect((await plane.ask("POST", "/ca-sets", { body: { caSetName: "by-token" } })).status).toBe(201);
  });
});

describe("users", () => {
  test("the last administrator stays one", async () => {
    const other = await ControlPlaneHarness.start();
    try {
      await newUser("admin", other);
      for (const change of [{ role: "viewer" }, { disabled: true }])
        expect(refusal(await other.ask("PATCH", "/users/1", { body: change }))).toEqual([409, "last-admin"]);
      await newUser("admin", other);
      expect((await other.ask("PATCH", "/users/1", { body: { role: "viewer" } })).status).toBe(200);
    } finally {
      await other.remove();
    }
  });

  test.each([
    "token-1",
    "client-7",
    "system",
    "a",
    "a b",
    "<script>",
    "a\u0000b",
    "-dash",
    "x".repeat(65),
  ])("the name %j is none", async (name) => {
    const answer = await plane.ask("POST", "/users", { body: { name, role: "viewer", password } });
    expect(refusal(answer)).toEqual([400, "json-schema-validation-error"]);
  });

  test("a name is given once", async () => {
    const name = await newUser();
    const answer = await plane.ask("POST", "/users", { body: { name, role: "viewer", password } });
    expect(refusal(answer)).toEqual([409, "user-name-is-not-unique"]);
  });

  test("an unknown user is not found", async () => {
    expect(refusal(await plane.ask("PATCH", "/users/99999", { body: { disabled: true } }))).toEqual([
      404,
      "user-not-found",
    ]);
  });
});
