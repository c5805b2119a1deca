import { describe, expect, test } from "vitest";
import { opaqueAddresses, portsThatTrust } from "./bind-ports.ts";
import { trustingBinds } from "./trusting-binds.ts";

const path = "/trust/ca-set-1.pem";
const environment = new Map([["PORT", "8443"]]);
const crtLists = new Map([
  ["/list", `/a.pem [ca-file ${path} verify required] shop.example\n/b.pem [ca-verify-file trust/other.pem]\n`],
]);
const binds = (text: string) => trustingBinds({ files: [{ name: "", text }], environment, crtLists });
const ports = (line: string) => portsThatTrust(binds(`frontend f\n  ${line}\n`), path);

describe("ports where HAProxy trusts a file", () => {
  test.each([
    ["bind :443 ssl crt a.pem ca-file /trust/ca-set-1.pem verify required", [443]],
    ["bind 127.0.0.1:443,[::1]:8443 ssl ca-verify-file /trust/ca-set-1.pem ca-file /trust/names.pem", [443, 8443]],
    ['bind *:8000-8002 ssl ca-file "/trust/ca-set-1.pem" # all of them', [8000, 8001, 8002]],
    ["bind ipv6@:443 ssl ca-file /trust/ca-set-1.pem", [443]],
    ["bind :443 ssl ca-file /trust/ca-set-11.pem", []],
    ["bind :443 ssl crt /trust/ca-set-1.pem", []],
    ["# bind :443 ssl ca-file /trust/ca-set-1.pem", []],
    ["bind unix@/run/s.sock ssl ca-file /trust/ca-set-1.pem", []],
    ["bind :9-1 ssl ca-file /trust/ca-set-1.pem", []],
    ["bind :${PORT} ssl ca-file /trust/ca-set-1.pem", [8443]],
    ["bind \":$PORT\" ssl ca-file '/trust/ca-set-1.pem'", [8443]],
    ["bind :443 ssl crt-list /list", [443]],
    ["bind quic4@:443 ssl ca-file /trust/ca-set-1.pem", []],
    ["server s 127.0.0.1:443 ssl ca-file /trust/ca-set-1.pem", []],
  ])("%s", (line, expected) => {
    expect(ports(line)).toEqual(expected);
  });

  test("is found by ca-base, in any file, and by what a frontend uses for all of its binds", () => {
    const based = binds("global\n  ca-base /trust\nlisten l\n  bind :1 ssl ca-file ca-set-1.pem\n");
    expect(portsThatTrust(based, path)).toEqual([1]);
    const used =
      "frontend f\n  ssl-f-use crt a.pem ca-file /trust/ca-set-1.pem\n  bind :2 ssl\nfrontend g\n  bind :3 ssl";
    expect(portsThatTrust(binds(used), path)).toEqual([2]);
  });

  test("is told where its connections cannot be", () => {
    const trusting = (address: string) => binds(`listen l\n  bind ${address} ssl ca-file ${path}\n`);
    for (const address of ["unix@/run/s.sock", "quic4@:443", "fd@3", "/run/s.sock", ":https"])
      expect(opaqueAddresses(trusting(address), path)).toEqual([address]);
    expect(opaqueAddresses(trusting(":443"), path)).toEqual([]);
  });
});
