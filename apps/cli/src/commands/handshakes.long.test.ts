import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { type HandshakeSummary, handshakeSummary } from "@tcm/api-contract";
import { temporaryDirectory, type TestCertificate, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { runStart } from "../testing/run-start.ts";
import { runTcm } from "../testing/run-tcm.ts";

const pki = testPki({ now: new Date() });
const kept = pki.root("Kept Root");
const leaving = pki.root("Leaving Root");
const client = leaving.leaf("client");
const deadlineMs = 120_000;

async function openWorkplace() {
  const { data, addresses } = await runStart();
  const made = await runTcm(["token", "create", "--role", "admin", "--data", data]);
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "both.pem"), kept.pem + leaving.pem);
  writeFileSync(join(directory, "kept.pem"), kept.pem);
  const environment = { TCM_URL: addresses[0], TCM_TOKEN: made.out.trim(), XDG_CONFIG_HOME: directory };
  const tcm = (line: string) => runTcm(line.split(" "), { directory, environment });
  /** Asked again until edges have told. */
  const summaryWhen = async (holds: (summary: HandshakeSummary) => boolean): Promise<HandshakeSummary> => {
    for (const end = Date.now() + deadlineMs; ; ) {
      const { out } = await tcm("sets handshakes partners --network staging --json");
      const summary = handshakeSummary.parse(JSON.parse(out));
      if (holds(summary)) return summary;
      if (Date.now() > end) throw new Error(`not seen in time: ${out}`);
    }
  };
  return { tcm, summaryWhen, staging: addresses[1] };
}

/** The status of one request with this certificate; the edge's own certificate is not what is tried here. */
async function visit(edge: string, hostname: string, { chainPem: cert, privateKeyPem: key }: TestCertificate) {
  const { hostname: host, port } = new URL(edge);
  const sent = request({
    host,
    port,
    servername: hostname,
    headers: { host: hostname },
    cert,
    key,
    agent: false,
    rejectUnauthorized: false,
  });
  sent.end();
  const [answer] = await once(sent, "response");
  answer.resume();
  return answer.statusCode as number;
}

describe("what edges saw, on the command line", () => {
  test("is who connected through which CA, and whom its removal cut off", async () => {
    const { tcm, summaryWhen, staging } = await openWorkplace();
    expect((await tcm("upload partners both.pem")).code).toBe(0);
    expect((await tcm("deploy partners --network staging --wait")).code).toBe(0);
    expect(await visit(staging, "ca-set-1.tcm.internal", client)).toBe(200);
    await summaryWhen(({ accepted }) => accepted === 1);

    expect((await tcm("upload partners kept.pem")).code).toBe(0);
    expect((await tcm("deploy partners --network staging --wait")).code).toBe(0);
    expect(await visit(staging, "ca-set-1.tcm.internal", client)).toBe(403);
    const summary = await summaryWhen(({ removedAnchor }) => removedAnchor === 1);
    expect(summary.anchors).toMatchObject([
      { fingerprint: leaving.fingerprint, isActive: false, accepted: 1, removedAnchor: 1 },
      { fingerprint: kept.fingerprint, isActive: true, accepted: 0, lastAcceptedDate: null },
    ]);

    const shown = await tcm("sets handshakes partners --network staging");
    expect(shown.out).toContain(": 1 accepted, 0 refused, 1 cut off by a removal, 0 failed.");
    expect(shown.out).toMatch(/CN=Leaving Root +[0-9a-f]{16} +no +1 +1 +20/);
    expect(shown.out).toMatch(/cut off by a removal +issuer-not-found +2 +1 +20/);
    const clients = await tcm("sets clients partners --network staging");
    expect(clients.out).toMatch(new RegExp(`${client.fingerprint} +CN=Leaving Root`));
    expect((await tcm("sets clients partners")).out).toBe(
      "No client was let in on production yet. --network names the other one.\n",
    );
  });
});
