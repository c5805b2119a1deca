import { describeNginx } from "./nginx-contract.ts";
import { nginxProgram } from "./nginx-under-test.ts";

// By edges.md §1.2, tickets off and a shared cache: the context of a session is the names alone, and those stay.
describeNginx("nginx", nginxProgram, (text) =>
  text.replaceAll("ssl_session_cache off", "ssl_session_cache shared:tcm:1m"),
);
