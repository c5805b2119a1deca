import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { type Caps, ConnectionCaps } from "./connection-caps.ts";

let ports = 0;
const from = (remoteAddress: string) =>
  Object.assign(new EventEmitter(), {
    remoteAddress,
    remotePort: ++ports,
    destroy(this: EventEmitter, error?: Error) {
      if (error !== undefined) this.emit("error", error);
      this.emit("close");
    },
  }) as unknown as Socket;

let time = 0;
const now = () => time;
const open = (caps: Partial<Caps>) =>
  new ConnectionCaps(
    { perAddress: 100, unaccepted: 100, unacceptedPerAddress: 100, few: 0, patienceMs: 1_000, ...caps },
    now,
  );

describe("connections are counted", () => {
  test("up to the cap of their address, and forgotten when they close", () => {
    const caps = open({ perAddress: 2 });
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
    const caps = open({ unaccepted: 2, unacceptedPerAddress: 2 });
    const [first, second] = [from("192.0.2.1"), from("192.0.2.2")];
    expect([caps.admit(first), caps.admit(second), caps.admit(from("192.0.2.3"))]).toEqual([true, true, false]);
    caps.accept(first);
    expect([caps.admit(from("192.0.2.4")), caps.admit(from("192.0.2.5"))]).toEqual([true, false]);
    second.emit("close");
    const narrow = open({ unaccepted: 3, unacceptedPerAddress: 1 });
    const admitted = ["192.0.2.1", "192.0.2.1", "192.0.2.2"].map((address) => narrow.admit(from(address)));
    expect(admitted).toEqual([true, false, true]);
    expect([caps.admit(from("192.0.2.6")), caps.admit(from("192.0.2.7"))]).toEqual([true, false]);
  });
});

describe("where the room of those that are not accepted is full", () => {
  /** Which of them are ended, by name. */
  function watched(addresses: readonly string[]) {
    const ended: string[] = [];
    const sockets = addresses.map((address, i) => from(address).once("error", () => ended.push(`${i}`)));
    return { ended, sockets };
  }

  test("the oldest of the address that has most of it makes room for one that has less", () => {
    const caps = open({ unaccepted: 4 });
    const { ended, sockets } = watched(["192.0.2.1", "192.0.2.7", "192.0.2.7", "192.0.2.7"]);
    for (const socket of sockets) expect(caps.admit(socket)).toBe(true);
    expect([caps.admit(from("192.0.2.2")), caps.admit(from("192.0.2.3"))]).toEqual([true, true]);
    expect(ended).toEqual(["1", "2"]);
    expect(caps.admit(from("192.0.2.7"))).toBe(false);
    expect(caps.takeCounts()).toEqual({ turnedAway: 1, madeRoom: 2 });
    expect(caps.takeCounts()).toEqual({ turnedAway: 0, madeRoom: 0 });
  });

  test("among equals the oldest does, once it has had its time, and before that whoever comes last is turned away", () => {
    const caps = open({ unaccepted: 3 });
    const { ended, sockets } = watched(["192.0.2.1", "192.0.2.2", "192.0.2.3"]);
    for (const socket of sockets) expect(caps.admit(socket)).toBe(true);
    time += 999;
    expect(caps.admit(from("192.0.2.4"))).toBe(false);
    expect(ended).toEqual([]);
    time += 1;
    expect(caps.admit(from("192.0.2.4"))).toBe(true);
    expect(ended).toEqual(["0"]);
  });

  test("one that has had its time does for an address with few, before those of a NAT that may be in their handshake", () => {
    const caps = open({ unaccepted: 6, few: 4 });
    const { ended, sockets } = watched(["192.0.2.1", "192.0.2.2", "192.0.2.2", "192.0.2.7", "192.0.2.7", "192.0.2.7"]);
    for (const socket of sockets.slice(0, 3)) expect(caps.admit(socket)).toBe(true);
    time += 1_000;
    for (const socket of sockets.slice(3)) expect(caps.admit(socket)).toBe(true);
    const admitted = ["192.0.2.7", "192.0.2.3", "192.0.2.4"].map((address) => caps.admit(from(address)));
    expect(admitted).toEqual([true, true, true]);
    expect(ended).toEqual(["1", "0", "2"]);
    expect(caps.admit(from("192.0.2.5"))).toBe(true);
    expect(ended).toEqual(["1", "0", "2", "3"]);
  });

  test("a slow client makes none for an address with many, however long it takes", () => {
    const caps = open({ unaccepted: 4, few: 3 });
    const { ended, sockets } = watched(["192.0.2.1", "192.0.2.7", "192.0.2.7", "192.0.2.7"]);
    expect(caps.admit(sockets[0] as Socket)).toBe(true);
    time += 5_000;
    for (const socket of sockets.slice(1)) expect(caps.admit(socket)).toBe(true);
    expect(caps.admit(from("192.0.2.7"))).toBe(false);
    expect(ended).toEqual([]);
  });

  test("an address whose own room it is makes it itself", () => {
    const caps = open({ unacceptedPerAddress: 2 });
    const { ended, sockets } = watched(["192.0.2.1", "192.0.2.7", "192.0.2.7"]);
    for (const socket of sockets) expect(caps.admit(socket)).toBe(true);
    time += 1_000;
    expect(caps.admit(from("192.0.2.7"))).toBe(true);
    expect(ended).toEqual(["1"]);
  });

  test("no connection goes whose client is accepted, and none makes more than its address may have", () => {
    const caps = open({ perAddress: 1, unacceptedPerAddress: 1 });
    const { ended, sockets } = watched(["192.0.2.1"]);
    for (const socket of sockets) expect(caps.admit(socket)).toBe(true);
    for (const socket of sockets) caps.accept(socket);
    time += 10_000;
    expect(caps.admit(from("192.0.2.1"))).toBe(false);
    expect(ended).toEqual([]);
  });
});
