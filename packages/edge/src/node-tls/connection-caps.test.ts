import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { ConnectionCaps } from "./connection-caps.ts";

let ports = 0;
const from = (remoteAddress: string) =>
  Object.assign(new EventEmitter(), { remoteAddress, remotePort: ++ports }) as unknown as Socket;

describe("connections are counted", () => {
  test("up to the cap of their address, and forgotten when they close", () => {
    const caps = new ConnectionCaps({ perAddress: 2, unaccepted: 100, unacceptedPerAddress: 100 });
    const first = from("2001:db8::1");
    expect(caps.admit(first)).toBe(true);
    expect(caps.admit(from("2001:db8::2"))).toBe(true);
    expect(caps.admit(from("2001:db8::3"))).toBe(false);
    expect(caps.admit(from("192.0.2.1"))).toBe(true);
    first.emit("close");
    expect(caps.admit(from("2001:db8::3"))).toBe(true);
    expect(caps.admit(from("2001:db8::4"))).toBe(false);
  });

  test("those whose client is not accepted up to a cap of their own, until it is, or they close", () => {
    const caps = new ConnectionCaps({ perAddress: 100, unaccepted: 2, unacceptedPerAddress: 2 });
    const [first, second] = [from("192.0.2.1"), from("192.0.2.2")];
    expect([caps.admit(first), caps.admit(second), caps.admit(from("192.0.2.3"))]).toEqual([true, true, false]);
    caps.accept(first);
    expect([caps.admit(from("192.0.2.4")), caps.admit(from("192.0.2.5"))]).toEqual([true, false]);
    second.emit("close");
    const narrow = new ConnectionCaps({ perAddress: 100, unaccepted: 3, unacceptedPerAddress: 1 });
    const admitted = ["192.0.2.1", "192.0.2.1", "192.0.2.2"].map((address) => narrow.admit(from(address)));
    expect(admitted).toEqual([true, false, true]);
    expect([caps.admit(from("192.0.2.6")), caps.admit(from("192.0.2.7"))]).toEqual([true, false]);
  });
});
