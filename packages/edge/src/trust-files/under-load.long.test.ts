import { describe } from "vitest";
import { haproxy26, haproxy3, openTestHaproxy } from "../haproxy/haproxy-under-test.ts";
import { nginxProgram, openTestNginx } from "../nginx/nginx-under-test.ts";
import { describeUnderLoad } from "./load-contract.ts";

if (haproxy26 === undefined) console.warn("HAProxy 2.6: skipped, it is not installed");
if (haproxy3 === undefined) console.warn("HAProxy 3: skipped, it is not installed");
if (nginxProgram === undefined) console.warn("nginx: skipped, it is not installed");

describe.skipIf(haproxy3 === undefined)("HAProxy 3", () => {
  describeUnderLoad("HAProxy 3", (options) => openTestHaproxy(haproxy3 ?? "", options), { keepsRequests: true });
});

describe.skipIf(haproxy26 === undefined)("HAProxy 2.6", () => {
  const open = (options: Parameters<typeof openTestHaproxy>[1]) =>
    openTestHaproxy(haproxy26 ?? "", { isMasterWorker: true, ...options });
  describeUnderLoad("HAProxy 2.6", open, { keepsRequests: false });
});

describe.skipIf(nginxProgram === undefined)("nginx", () => {
  describeUnderLoad("nginx", (options) => openTestNginx(nginxProgram ?? "", options), { keepsRequests: false });
});
