import { describe, expect, test } from "vitest";
import {
  readCaFile,
  readCaFiles,
  readConnections,
  readMaster,
  readStreams,
  readVersion,
  takesBatches,
} from "./read-answers.ts";

describe("show info", () => {
  test.each([
    ["Name: HAProxy\nVersion: 2.6.12-1+deb12u4\nPid: 7", "2.6.12-1+deb12u4", false],
    ["Version: 2.7.0", "2.7.0", true],
    ["Version: 3.0.11-1+deb13u4", "3.0.11-1+deb13u4", true],
    ["Version: 10.1-dev3", "10.1-dev3", true],
  ])("%j is %s", (text, version, batches) => {
    const read = readVersion(text);
    expect(read?.text).toBe(version);
    expect(read && takesBatches(read)).toBe(batches);
  });

  test("of something else is nothing", () => expect(readVersion("Unknown command")).toBeUndefined());
});

describe("show ssl ca-file", () => {
  test("lists the files of the configuration, and neither the comment nor a transaction", () => {
    const text =
      "# transaction\n*/t/ca-set-1.pem - 3 certificate(s)\n\n# filename\n/t/ca-set-1.pem - 1 certificate(s)\n@system-ca - 145 certificate(s)\n";
    expect([...readCaFiles(text)]).toEqual(["/t/ca-set-1.pem", "@system-ca"]);
  });

  test("shows fingerprints where it can, whatever names stand in the certificates", () => {
    const sha1 = "AA".repeat(20);
    const text = `Filename: /t/x.pem\nStatus: Used\n\nCertificate #1:\nSerial: 0F\nSHA1 FingerPrint: ${sha1}\nSubject: /CN=SHA1 FingerPrint: ${"00".repeat(20)}\n\nCertificate #2:\nSerial: 7115\nAlgorithm: `;
    expect(readCaFile(text)).toEqual([
      { serial: "0F", sha1 },
      { serial: "7115", sha1: undefined },
    ]);
    expect(readCaFile("Can't display the CA file : Not found!")).toEqual([]);
  });
});

describe("connections", () => {
  test("of clients are told from listeners, servers and our own", () => {
    const text = `
      6 : st=0x120121(Cl heopI W:sRa R:srA) iocb=0x5(sock_accept_iocb) l.st=RDY fe=shop fam=ipv4 lport=18443
     14 : st=0x000121(Cl heopI) iocb=0x5(sock_conn_iocb) back=0 cflg=0x80000300 cerr=0 fam=ipv4 lport=18443 rport=57664 fe=shop mux=H1
     15 : st=0x000121(Cl heopI) iocb=0x5(sock_conn_iocb+0) back=1 cflg=0x00000300 cerr=0 fam=ipv4 lport=40000 rport=80 px=up
     16 : st=0x000121(Cl heopI) iocb=0x5(sock_conn_iocb) back=0 cflg=0x00000300 cerr=0 fam=unix fe=GLOBAL mux=PASS`;
    expect(readConnections(text)).toEqual([{ fd: "14", localPort: 18443, remotePort: 57664 }]);
  });

  test("being served have an id by which they can be shut down", () => {
    const text = `0x7f9d: proto=unix_stream src=unix:1 fe=GLOBAL be=<NONE>
0x55aa: proto=tcpv4 src=127.0.0.1:57664 fe=shop be=up
0x55ab: proto=tcpv6 src=::1:57665 fe=shop be=up`;
    expect(readStreams(text)).toEqual([
      { id: "0x55aa", remotePort: 57664 },
      { id: "0x55ab", remotePort: 57665 },
    ]);
  });
});

describe("show proc", () => {
  const text = `#<PID>          <type>          <reloads>       <uptime>        <version>
16993           master          5 [failed: 1]   0d00h00m05s     2.6.12
# workers
17007           worker          0               0d00h00m05s     2.6.12
# old workers
17000           worker          1               0d00h00m09s     2.6.12
17001           worker          2               0d00h00m10s     2.6.12
# programs
`;
  test("tells reloads, failures and workers", () => {
    expect(readMaster(text)).toEqual({ reloads: 5, failedReloads: 1, workers: [17007], oldWorkers: [17000, 17001] });
  });

  test("of something else is nothing", () => expect(readMaster("")).toBeUndefined());
});
