import { haproxy26, haproxy3 } from "./haproxy-under-test.ts";
import { describeHaproxy } from "./haproxy-contract.ts";

describeHaproxy({ name: "HAProxy 2.6", program: haproxy26, isMasterWorker: true });
describeHaproxy({ name: "HAProxy 3.0", program: haproxy3, isMasterWorker: false });
