import { isUsableIssuer, parseOidcRoles } from "@tcm/api-contract";
import { fixedClock } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, refusal } from "../testing/api-client.ts";
import { Browser } from "../testing/browser.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";
import { IdentityProvider, type ProviderAccount, providerClient } from "../testing/identity-provider.ts";
import { oidcRole } from "./oidc-options.ts";

let provider: IdentityProvider;
let plane: ControlPlaneHarness;
beforeAll(async () => {
  provider = await IdentityProvider.listen();
  const roles = parseOidcRoles("tcm-admins=admin,tcm-editors=editor") ?? new Map();
  const oidc = { ...providerClient, issuer: provider.issuer, roleClaim: "groups", roles };
  plane = await ControlPlaneHarness.start({ clock: fixedClock(new Date().toISOString()), listen: { oidc } });
});
afterAll(async () => {
  await plane.remove();
  await provider.close();
});

const callback = "/session/oidc/callback";
const newBrowser = (): Browser => new Browser(plane.ask, plane.controlPlane.url);

test("a provider that does not answer is tried again by the next who asks", async () => {
  expect(refusal(await newBrowser().send("GET", "/session/oidc"))).toEqual([503, "service-busy"]);
  provider.serve(`${plane.controlPlane.url}/mtls-edge-truststore/v2${callback}`);
  expect((await newBrowser().send("GET", "/session/oidc")).status).toBe(302);
});

/** As far as the provider sends the browser back: with the address that it would ask for next. */
async function sentBack(account: ProviderAccount, browser = newBrowser()) {
  provider.account = account;
  const begun = await browser.send("GET", "/session/oidc");
  const location = begun.headers.location ?? "";
  return { browser, begun, location, back: `${callback}${(await provider.visit(location)).search}` };
}

async function signIn(account: ProviderAccount): Promise<{ browser: Browser; answer: Answer }> {
  const { browser, back } = await sentBack(account);
  return { browser, answer: await browser.send("GET", back) };
}

const alice = { sub: "alice-1", preferred_username: "alice@tcm.example", groups: ["staff", "tcm-editors"] };
const unauthorized = [401, "unauthorized"];

describe("sign-in with an identity provider", () => {
  test("asks for a code, with PKCE, state and nonce, by a cookie that comes back from another site", async () => {
    const { location, begun } = await sentBack(alice);
    const asked = new URL(location).searchParams;
    expect(asked.get("response_type")).toBe("code");
    expect(asked.get("code_challenge_method")).toBe("S256");
    for (const name of ["code_challenge", "state", "nonce"]) expect(asked.get(name)).toMatch(/^[\w-]{43}$/);
    const [cookie = ""] = begun.headers["set-cookie"] ?? [];
    expect(cookie).toMatch(/^tcm-oidc=[^;]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/);
    for (const secret of [asked.get("state"), asked.get("nonce")]) expect(cookie).not.toContain(secret);
  });

  test("makes a session with the role of the person's groups, and leads to the console", async () => {
    const { browser, answer } = await signIn(alice);
    expect([answer.status, answer.headers.location]).toEqual([302, "/"]);
    expect([...browser.cookies.keys()]).toEqual(["tcm-session"]);
    const session = await browser.send("GET", "/session");
    expect(session.body).toMatchObject({ name: "alice@tcm.example", role: "editor", kind: "session" });
    const options = await plane.ask("GET", "/session/options", { token: null });
    expect(options.body).toMatchObject({ oidc: true });
  });

  test("the address that leads back is good in one browser and once", async () => {
    const { browser, back } = await sentBack(alice);
    expect(refusal(await newBrowser().send("GET", back))).toEqual(unauthorized);
    const other = await sentBack(alice);
    expect(refusal(await other.browser.send("GET", back))).toEqual(unauthorized);
    const kept = browser.cookies.get("tcm-oidc") ?? "";
    expect((await browser.send("GET", back)).status).toBe(302);
    const again = newBrowser();
    again.cookies.set("tcm-oidc", kept);
    expect(refusal(await again.send("GET", back))).toEqual(unauthorized);
  });

  test.each([
    ["another state", (back: string) => back.replace(/state=[^&]*/, "state=AAAA")],
    ["no state", (back: string) => back.replace(/[?&]state=[^&]*/, "?x=").replace("?x=", "?")],
    ["another code", (back: string) => back.replace(/code=[^&]*/, "code=AAAA")],
    ["another issuer", (back: string) => back.replace(/iss=[^&]*/, "iss=https%3A%2F%2Fevil.example")],
    ["an error", (back: string) => back.replace(/code=[^&]*/, "error=access_denied")],
    ["nothing at all", () => callback],
  ])("refuses to come back with %s", async (_what, change) => {
    const { browser, back } = await sentBack(alice);
    expect(refusal(await browser.send("GET", change(back)))).toEqual(unauthorized);
    expect(browser.cookies.has("tcm-session")).toBe(false);
  });

  test.each(["", "v1.AAAA", "x".repeat(100)])("refuses a cookie that is not ours: %j", async (cookie) => {
    const { browser, back } = await sentBack(alice);
    browser.cookies.set("tcm-oidc", cookie);
    expect(refusal(await browser.send("GET", back))).toEqual(unauthorized);
  });

  test("refuses who was away for more than ten minutes", async () => {
    const { browser, back } = await sentBack(alice);
    plane.clock.advance(600_000);
    expect(refusal(await browser.send("GET", back))).toEqual(unauthorized);
  });

  test.each([
    { groups: ["staff"] },
    { groups: [] },
    {},
  ])("somebody with %j has no role, and no account", async (groups) => {
    const { browser, answer } = await signIn({ sub: "mallory", preferred_username: "mallory", ...groups });
    expect(refusal(answer)).toEqual([403, "forbidden"]);
    expect(browser.cookies.has("tcm-session")).toBe(false);
    expect((await plane.ask("GET", "/users")).text).not.toContain("mallory");
  });

  test("a person in a browser who is refused is led to where they sign in, which says why", async () => {
    const { browser, back } = await sentBack({ sub: "mallory", preferred_username: "mallory" });
    const answer = await browser.send("GET", back, undefined, { accept: "text/html,*/*;q=0.8" });
    expect([answer.status, answer.headers.location]).toEqual([302, "/sign-in#refused=forbidden"]);
    expect(browser.cookies.has("tcm-session")).toBe(false);
  });

  test("the role is the provider's word at every sign-in, and earlier sessions end with it", async () => {
    const bob = { sub: "bob-1", preferred_username: "bob@tcm.example" };
    const before = await signIn({ ...bob, groups: ["tcm-admins"] });
    expect((await before.browser.send("GET", "/users")).status).toBe(200);
    const after = await signIn({ ...bob, groups: ["tcm-editors"] });
    expect(refusal(await before.browser.send("GET", "/session"))).toEqual(unauthorized);
    expect((await after.browser.send("GET", "/session")).body).toMatchObject({ role: "editor" });
  });

  test("a name makes nobody somebody else", async () => {
    const body = { name: "carol@tcm.example", role: "admin", password: "seven green kettles" };
    expect((await plane.ask("POST", "/users", { body })).status).toBe(201);
    const { browser } = await signIn({
      sub: "not-carol",
      preferred_username: "carol@tcm.example",
      groups: ["tcm-editors"],
    });
    const { name, role } = (await browser.send("GET", "/session")).body as { name: string; role: string };
    expect(name).toMatch(/^carol@tcm\.example-[0-9a-f]{12}$/);
    expect(role).toBe("editor");
    const password = await newBrowser().send("POST", "/session", { name, password: body.password });
    expect(refusal(password)).toEqual(unauthorized);
  });

  test("hostile names become harmless ones", async () => {
    const { browser } = await signIn({
      sub: "evil",
      preferred_username: "token-1\u001b[2J<b>",
      groups: ["tcm-editors"],
    });
    expect((await browser.send("GET", "/session")).body).toHaveProperty(
      "name",
      expect.stringMatching(/^token-12Jb-[0-9a-f]{12}$/),
    );
  });

  test("who was disabled here is not let in, whatever the provider says", async () => {
    const dave = { sub: "dave-1", preferred_username: "dave@tcm.example", groups: ["tcm-editors"] };
    await signIn(dave);
    const { users } = (await plane.ask("GET", "/users")).body as { users: { name: string; userId: number }[] };
    const id = users.find(({ name }) => name === "dave@tcm.example")?.userId;
    expect((await plane.ask("PATCH", `/users/${id}`, { body: { disabled: true } })).status).toBe(200);
    expect(refusal((await signIn(dave)).answer)).toEqual([403, "forbidden"]);
    const password = { body: { password: "seven green kettles" } };
    expect(refusal(await plane.ask("PATCH", `/users/${id}`, password))).toEqual([400, "password-not-acceptable"]);
  });
});

describe("roles of groups", () => {
  const roles = parseOidcRoles("a=viewer, b=deployer,*=viewer") ?? new Map();
  const options = { ...providerClient, issuer: "https://idp.example", roleClaim: "groups", roles };

  test.each([
    [["a", "b"], "deployer"],
    ["b", "deployer"],
    [["A"], "viewer"],
    [{ b: 1 }, "viewer"],
    [[["b"]], "viewer"],
  ])("%j is %s", (groups, role) => expect(oidcRole(options, { groups })).toBe(role));

  test.each(["", "a", "a=", "=admin", "a=root", ","])("%j is not readable", (text) =>
    expect(parseOidcRoles(text)).toBeUndefined());

  test.each([
    ["https://idp.example", true],
    ["http://127.0.0.1:8080", true],
    ["http://localhost", true],
    ["http://idp.example", false],
    ["file:///etc", false],
    ["idp.example", false],
  ])("the issuer %s: %s", (issuer, isUsable) => expect(isUsableIssuer(issuer)).toBe(isUsable));
});
