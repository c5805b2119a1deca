import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { binding, caSet, dial, pki } from "../node-tls/edge-under-test.ts";
import { shop } from "../trust-files/engines-under-test.ts";
import { closeOlderConnections } from "./close-older-connections.ts";
import { haproxy26, haproxy3, openTestHaproxy } from "./haproxy-under-test.ts";
import { readConnections } from "./read-answers.ts";

const root = pki.root("Root");
const programs = [
  ["HAProxy 2.6", haproxy26],
  ["HAProxy 3", haproxy3],
] as const;

describe.each(programs)("%s: connections from before a removal", (name, program) => {
  if (program === undefined) console.warn(`${name}: skipped, it is not installed`);

  test.skipIf(program === undefined)("are told to close, one that was in its handshake then too", async () => {
    const proxy = await openTestHaproxy(program ?? "");
    const { ask } = proxy;
    await proxy.deploy(binding([shop]));
    await proxy.deploy(caSet([root]));
    const port = proxy.portOf(shop);
    const waiting = connect({ host: "127.0.0.1", port });
    onTestFinished(() => void waiting.destroy());
    await once(waiting, "connect");
    const listed = async () => readConnections(await ask("show fd")).some(({ localPort }) => localPort === port);
    await expect.poll(listed).toBe(true);
    let isListed = false;
    const listing = closeOlderConnections(
      async (command) => {
        const answer = await ask(command);
        isListed ||= command.startsWith("experimental");
        return answer;
      },
      new Set([port]),
      { graceMs: 10_000, closeMs: 60_000 },
    );
    await expect.poll(() => isListed).toBe(true);
    const socket = connectTls({ ...dial({ port }, shop, root.leaf("late")), socket: waiting });
    let isBusy = true;
    socket.on("close", () => (isBusy = false)).on("error", () => undefined);
    await once(socket, "secureConnect");
    // Busy for ever: it ends by being told to, and by nothing else.
    socket.on("data", () => isBusy && socket.write(request));
    const request = `GET / HTTP/1.1\r\nHost: ${shop}\r\n\r\n`;
    socket.write(request);
    expect(await listing).toEqual({ closed: 1, left: 0 });
  });
});
