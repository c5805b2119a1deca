import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { ConnectionCaps } from "./connection-caps.ts";

const from = (remoteAddress: string) => Object.assign(new EventEmitter(), { remoteAddress }) as unknown as Socket;

describe("connections are counted", () => {
  test("up to the cap of their address, and forgotten when they close", () => {
    const caps = new ConnectionCaps(2);
    const first = from("2001:db8::1");
    expect(caps.admit(first)).toBe(true);
    expect(caps.admit(from("2001:db8::2"))).toBe(true);
    expect(caps.admit(from("2001:db8::3"))).toBe(false);
    expect(caps.admit(from("192.0.2.1"))).toBe(true);
    first.emit("close");
    expect(caps.admit(from("2001:db8::3"))).toBe(true);
    expect(caps.admit(from("2001:db8::4"))).toBe(false);
  });
});
