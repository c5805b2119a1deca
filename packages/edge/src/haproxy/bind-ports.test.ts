import { describe, expect, test } from "vitest";
import { portsThatTrust } from "./bind-ports.ts";

const path = "/trust/ca-set-1.pem";
const ports = (line: string) => portsThatTrust(`frontend f\n  ${line}\n`, path);

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
    ["server s 127.0.0.1:443 ssl ca-file /trust/ca-set-1.pem", []],
  ])("%s", (line, expected) => {
    expect(ports(line)).toEqual(expected);
  });
});
