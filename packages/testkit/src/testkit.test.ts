import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { nodeCrypto } from "@tcm/node-crypto";
import { parseCertificate } from "@tcm/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { fixedClock } from "./fixed-clock.ts";
import { freePorts } from "./free-port.ts";
import { rawCertificate } from "./raw-certificate.ts";
import { createTemporaryDirectory, placeOfTests, removeDirectory, temporaryDirectory } from "./temporary-directory.ts";

describe("what tests stand on", () => {
  test("a fixed clock moves only when told", () => {
    const { now, unixSeconds, advance, set } = fixedClock("2026-06-01T00:00:00Z");
    const start = Date.parse("2026-06-01T00:00:00Z");
    expect([now(), now(), unixSeconds()]).toEqual([start, start, start / 1000]);
    advance(1_999);
    expect([now(), unixSeconds()]).toEqual([start + 1_999, start / 1000 + 1]);
    set("2027-01-01T00:00:00Z");
    expect(now()).toBe(Date.parse("2027-01-01T00:00:00Z"));
  });

  test("free ports are different and can be listened on", async () => {
    const ports = await freePorts(5);
    expect(new Set(ports).size).toBe(5);
    const server = createServer().listen(ports[0], "127.0.0.1");
    onTestFinished(() => {
      server.close();
    });
    await once(server, "listening");
  });

  test("a port that somebody listens on, or that another process was handed, is not handed out", async () => {
    const [first = 0] = await freePorts(1);
    const server = createServer().listen(first + 1, "127.0.0.1");
    const claim = createSocket("udp4").bind({ port: first + 2, address: "127.0.0.1", exclusive: true });
    onTestFinished(() => {
      server.close();
      claim.close();
    });
    // Whether it is ours or somebody else's, it is taken.
    await Promise.all([server, claim].map((one) => Promise.race([once(one, "listening"), once(one, "error")])));
    const taken = [first, first + 1, first + 2];
    expect((await freePorts(2)).filter((port) => taken.includes(port))).toEqual([]);
  });

  test("temporary directories are the owner's alone and go with all they hold", () => {
    const directory = createTemporaryDirectory();
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    writeFileSync(join(directory, "file"), "x");
    removeDirectory(directory);
    expect(existsSync(directory)).toBe(false);
    removeDirectory(directory);
  });

  test("temporary directories are where the machine wants them, unless sockets in them had names too long to be opened", () => {
    const usual = "/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T";
    expect(placeOfTests(usual)).toBe(usual);
    expect(placeOfTests(`${usual}/of-the-build-agent-0007`)).toBe("/tmp");
  });

  test("two tests never share a directory", () => {
    expect(temporaryDirectory()).not.toBe(temporaryDirectory());
  });

  test("a raw certificate without parts is one that nobody could object to but for its signature", () => {
    expect(parseCertificate(rawCertificate(), nodeCrypto)).toMatchObject({ ok: true, certificate: { findings: [] } });
  });
});
