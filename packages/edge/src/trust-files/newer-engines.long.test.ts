import { describeHaproxy } from "../haproxy/haproxy-contract.ts";
import { haproxy32 } from "../haproxy/haproxy-under-test.ts";
import { describeNginx } from "../nginx/nginx-contract.ts";
import { nginx130 } from "../nginx/nginx-under-test.ts";

describeHaproxy({
  name: "HAProxy 3.2",
  program: haproxy32,
  isMasterWorker: false,
  isolatesSessions: true,
  dropsTrailers: true,
});

// By edges.md §1.2, tickets too: since 1.23.2 their keys lie in the memory of the shared cache, and survive a reload.
describeNginx("nginx 1.30", nginx130, (text) =>
  text
    .replaceAll("ssl_session_cache off", "ssl_session_cache shared:tcm:1m")
    .replaceAll("ssl_session_tickets off", "ssl_session_tickets on"),
);
