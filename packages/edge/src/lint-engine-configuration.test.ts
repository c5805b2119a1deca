import { describe, expect, test } from "vitest";
import { renderHaproxyConfig } from "./haproxy/render.ts";
import { renderNginxConfig } from "./nginx/render.ts";
import { lintEngineConfiguration } from "./lint-engine-configuration.ts";

const listener = {
  entryId: "ca-set/1",
  host: "127.0.0.1",
  port: 8443,
  serverName: "shop.example",
  certificatePath: "/etc/server.pem",
  certificateKeyPath: "/etc/server.key",
  upstream: "127.0.0.1:9000",
};
const directory = "/var/lib/tcm/trust";
const haproxy = renderHaproxyConfig({ directory, runtimeSocket: "/run/haproxy.sock", listeners: [listener] });
const nginx = `worker_shutdown_timeout 10s;\n${renderNginxConfig({ directory, listeners: [listener] })}`;

const codes = (engine: "haproxy" | "nginx", configuration: string, version = "2.6.12-1+deb12u4") =>
  lintEngineConfiguration({ engine, version, configuration }).map(({ code, severity }) => `${severity} ${code}`);

describe("the configuration that we print", () => {
  test("has nothing against it", () => {
    expect(codes("haproxy", haproxy)).toEqual([]);
    expect(codes("nginx", nginx)).toEqual([]);
  });
});

describe("HAProxy", () => {
  test.each<[string, string, string]>([
    ["tune.ssl.cachesize 0", "", "blocks-proof resumption-outlives-removal"],
    ["no-tls-tickets", "", "blocks-proof resumption-outlives-removal"],
    ["  tune.ssl.cachesize 0", "  # tune.ssl.cachesize 0", "blocks-proof resumption-outlives-removal"],
    ["verify required", "verify optional", "blocks-proof client-certificate-not-required"],
    ["verify required", "verify required ca-ignore-err all", "blocks-proof verification-errors-ignored"],
    [" no-ca-names", "", "warning ca-names-sent"],
    ["alpn http/1.1", "alpn h2,http/1.1", "warning connections-outlive-removal"],
    ["timeout http-keep-alive 5s", "", "warning connections-outlive-removal"],
  ])("%j made %j is %s", (from, to, finding) => {
    expect(haproxy).toContain(from);
    expect(codes("haproxy", haproxy.replace(from, to))).toEqual([finding]);
  });

  test("without a rule for the identity headers is warned of", () => {
    expect(codes("haproxy", haproxy.replace(/^.*http-request (?:del|set)-header.*$/gm, ""))).toEqual([
      "warning identity-headers-not-stripped",
    ]);
  });

  test("that strips no verdict is warned of", () => {
    expect(
      codes("haproxy", haproxy.replace(/^.*tcm\[\^a-z0-9\]client.*$/gm, "http-request del-header client-cert")),
    ).toEqual(["warning identity-headers-not-stripped"]);
  });

  test.each([
    ["3.2.26", []],
    ["3.3.0", []],
    ["4.0-dev1", []],
    ["3.2.25", ["blocks-proof resumption-outlives-removal"]],
    ["3.0.11-1+deb13u4", ["blocks-proof resumption-outlives-removal"]],
  ])("%s with tickets: %j", (version, findings) => {
    expect(codes("haproxy", haproxy.replace("no-tls-tickets", ""), version)).toEqual(findings);
  });

  test.each([
    [
      "a setting that may not count",
      haproxy.replace("  tune.ssl.cachesize 0", ".if defined(X)\n  tune.ssl.cachesize 0\n.endif"),
    ],
    ["a bind that turns tickets on", haproxy.replace("alpn http/1.1", "alpn http/1.1 tls-tickets")],
  ])("%s leaves sessions open", (_, configuration) => {
    expect(codes("haproxy", configuration)).toEqual(["blocks-proof resumption-outlives-removal"]);
  });

  test("is warned of crt-lists and variables, which the one file does not tell", () => {
    const listed = haproxy.replace(/crt \S+ ca-file/, "crt-list /etc/list ca-file");
    expect(codes("haproxy", listed)).toEqual(["warning configuration-not-known"]);
    expect(codes("haproxy", haproxy.replace("verify required", "verify required ${OTHER}"))).toEqual([
      "warning configuration-not-known",
    ]);
  });

  test("names the line", () => {
    const [finding] = lintEngineConfiguration({
      engine: "haproxy",
      version: "2.6.12",
      configuration:
        "global\n  tune.ssl.cachesize 0\nfrontend f\n  bind :443 ssl crt c ca-verify-file x verify required",
    });
    expect(finding).toMatchObject({ code: "resumption-outlives-removal", line: 4 });
  });
});

describe("nginx", () => {
  test.each<[string, string, string]>([
    ["ssl_session_cache off", "ssl_session_cache shared:a:1m", "blocks-proof resumption-outlives-removal"],
    ["ssl_session_tickets off;", "", "blocks-proof resumption-outlives-removal"],
    ["ssl_verify_client on;", "", "blocks-proof client-certificate-not-required"],
    ["ssl_verify_depth 10;", "", "warning verify-depth-too-small"],
    ["ssl_trusted_certificate /var/lib/tcm/trust/ca-set-1.pem;", "", "warning ca-names-sent"],
    ["ssl_verify_depth 10;", "ssl_verify_depth 1;", "warning verify-depth-too-small"],
    ["worker_shutdown_timeout 10s;", "", "warning connections-outlive-removal"],
    ["proxy_set_header Client-Cert $tcm_client_cert;", "", "warning identity-headers-not-stripped"],
    ['proxy_set_header TCM-Client-Verdict "";', "", "warning identity-headers-not-stripped"],
    ["underscores_in_headers off;", "underscores_in_headers on;", "warning identity-headers-not-stripped"],
    ["ignore_invalid_headers on;", "ignore_invalid_headers off;", "warning identity-headers-not-stripped"],
  ])("%j made %j is %s", (from, to, finding) => {
    expect(nginx).toContain(from);
    expect(codes("nginx", nginx.replaceAll(from, to))).toEqual([finding]);
  });

  test("without the answer for the probe cannot be proved", () => {
    expect(codes("nginx", nginx.replace(/^.*add_header.*$/m, ""))).toEqual(["blocks-proof probe-answer-missing"]);
  });

  test("where one server of two hands out tickets, the other does not help", () => {
    const other =
      "server {\n  ssl_verify_client optional;\n  ssl_session_tickets off;\n  ssl_session_cache off;\n  ssl_verify_depth 5;\n}";
    expect(codes("nginx", `${nginx}\n${other}`)).toEqual(["blocks-proof client-certificate-not-required"]);
    expect(codes("nginx", `${nginx}\n${other.replace("tickets off", "tickets on")}`)).toEqual([
      "blocks-proof resumption-outlives-removal",
      "blocks-proof client-certificate-not-required",
    ]);
  });

  test("what stands outside of a server is inherited, and a server without client certificates is left alone", () => {
    const outside = "ssl_session_cache off;\nssl_session_tickets off;\nssl_verify_depth 5;";
    const asking = "server {\n  ssl_verify_client on;\n  add_header TCM-Client-Verify $tcm_client_verify always;\n}";
    const open = "server {\n  listen 8443 ssl;\n  ssl_session_tickets on;\n}";
    expect(codes("nginx", `${outside}\n${asking}\n${open}`)).toEqual(["warning connections-outlive-removal"]);
  });

  test("a server without client certificates at the port of one with them keeps its sessions", () => {
    const beside = (listen: string) => `${nginx}\nserver { listen ${listen}; ssl_session_cache off; }`;
    const finding = ["blocks-proof resumption-outlives-removal"];
    for (const listen of ["8443 ssl default_server", "[::]:8443 ssl", "127.0.0.1:8443"])
      expect(codes("nginx", beside(listen)), listen).toEqual(finding);
    expect(codes("nginx", beside("443 ssl"))).toEqual([]);
  });

  test("is read by its braces, however they stand, and what http {} says is not said in stream {}", () => {
    const inOneLine = nginx
      .replaceAll(/^\s*#.*$/gm, "")
      .replaceAll(/(?<![{])\n/g, " ")
      .replaceAll("server {", "server\n{");
    expect(codes("nginx", inOneLine)).toEqual([]);
    expect(codes("nginx", inOneLine.replace("ssl_session_tickets off;", ""))).toEqual([
      "blocks-proof resumption-outlives-removal",
    ]);
    const off = "ssl_session_cache off; ssl_session_tickets off;";
    const stream = `stream { ssl_session_cache shared:s:1m; server { listen 9443 ssl; ssl_verify_client on; ssl_verify_depth 9; } }`;
    expect(codes("nginx", `${nginx}\nhttp { ${off} }\n${stream}`)).toEqual([
      "blocks-proof resumption-outlives-removal",
      "blocks-proof resumption-outlives-removal",
    ]);
  });

  test("each file of what nginx -T prints stands where it is included, and is named", () => {
    const printed = (other: string) =>
      `# configuration file /etc/nginx/nginx.conf:\nevents {}\nhttp { include conf.d/*.conf; include tls.conf; include none.d/*; }\n\n` +
      `# configuration file /etc/nginx/conf.d/a.conf:\n${nginx.replaceAll(/ssl_session_\w+ off;/g, "")}\n\n` +
      `# configuration file /etc/nginx/tls.conf:\n${other}\nnginx: [warn] a word of its own\n`;
    expect(codes("nginx", printed("ssl_session_cache off; ssl_session_tickets off;"))).toEqual([]);
    const findings = lintEngineConfiguration({
      engine: "nginx",
      version: "",
      configuration: printed("ssl_session_cache off;"),
    });
    expect(findings).toMatchObject([
      { detail: expect.stringMatching(/^in \/etc\/nginx\/conf\.d\/a\.conf: `ssl_session_tickets/) },
    ]);
  });

  test("that cannot be read to its end is not known, and an include that nobody gave is warned of", () => {
    expect(codes("nginx", `${nginx}\nserver {`)).toEqual(["blocks-proof configuration-not-known"]);
    expect(codes("nginx", `${nginx}\n}`)).toEqual(["blocks-proof configuration-not-known"]);
    expect(codes("nginx", `${nginx}\ninclude other.conf;`)).toEqual(["warning configuration-not-known"]);
  });
});
