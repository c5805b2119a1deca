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
    const open = "server {\n  ssl_session_tickets on;\n}";
    expect(codes("nginx", `${outside}\n${asking}\n${open}`)).toEqual(["warning connections-outlive-removal"]);
  });
});
