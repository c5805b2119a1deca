import { describe } from "vitest";
import { haproxy26, haproxy3, openTestHaproxy } from "../haproxy/haproxy-under-test.ts";
import { nginxProgram, openTestNginx } from "../nginx/nginx-under-test.ts";
import { describeUnderLoad } from "./load-contract.ts";

if (haproxy26 === undefined) console.warn("HAProxy 2.6: skipped, it is not installed");
if (haproxy3 === undefined) console.warn("HAProxy 3: skipped, it is not installed");
if (nginxProgram === undefined) console.warn("nginx: skipped, it is not installed");

/**
 * The clients run in the process of the test: one that stands still for longer than HAProxy keeps an idle connection would lose its next
 * request to the timeout, and not to a change. In every change they are busy, so that the longer grace is never waited for.
 */
const patient = {
  configure: (text: string) => text.replace("http-keep-alive 700ms", "http-keep-alive 20s"),
  timing: { graceMs: 60_000, closeMs: 10_000 },
};

describe.skipIf(haproxy3 === undefined)("HAProxy 3", () => {
  const open = (options: Parameters<typeof openTestHaproxy>[1]) =>
    openTestHaproxy(haproxy3 ?? "", { ...patient, ...options });
  describeUnderLoad("HAProxy 3", open, { keepsRequests: true });
});

describe.skipIf(haproxy26 === undefined)("HAProxy 2.6", () => {
  const open = (options: Parameters<typeof openTestHaproxy>[1]) =>
    openTestHaproxy(haproxy26 ?? "", { isMasterWorker: true, ...options });
  describeUnderLoad("HAProxy 2.6", open, { keepsRequests: false });
});

describe.skipIf(nginxProgram === undefined)("nginx", () => {
  describeUnderLoad("nginx", (options) => openTestNginx(nginxProgram ?? "", options), { keepsRequests: false });
});
