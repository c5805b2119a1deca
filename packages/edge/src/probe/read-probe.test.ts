import { describe, expect, test } from "vitest";
import { readHaproxyProbe } from "../haproxy/read-probe.ts";
import { readNginxProbe } from "../nginx/read-probe.ts";

describe("what HAProxy answers to a forged leaf", () => {
  test.each([
    ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "absent"],
    ["ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR", "present"],
    ["ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED", "present"],
    ["ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR", "unclear"],
    ["ECONNREFUSED", "unclear"],
    ["ETIMEDOUT", "unclear"],
    [undefined, "unclear"],
  ])("%s: %s", (errorCode, anchor) => {
    expect(readHaproxyProbe({ errorCode, text: "" })).toMatchObject({ anchor });
  });

  test("a leaf that was let in proves nothing", () => {
    expect(readHaproxyProbe({ errorCode: undefined, text: "HTTP/1.1 200 OK\r\n\r\n" }).anchor).toBe("unclear");
  });
});

describe("what nginx answers to a forged leaf", () => {
  const answer = (reason: string) => `HTTP/1.1 400 Bad Request\r\nTCM-Client-Verify: FAILED:${reason}\r\n\r\nbody`;

  test.each([
    ["certificate signature failure", "present"],
    ["certificate has expired", "present"],
    ["unable to verify the first certificate", "absent"],
    ["unable to get local issuer certificate", "absent"],
    ["certificate chain too long", "unclear"],
  ])("%s: %s", (reason, anchor) => {
    expect(readNginxProbe({ errorCode: undefined, text: answer(reason) })).toEqual({ anchor, detail: reason });
  });

  test.each([
    ["HTTP/1.1 200 OK\r\n\r\n", undefined],
    ["HTTP/1.1 400 Bad Request\r\n\r\n", undefined],
    ["", "ECONNRESET"],
  ])("%j, %s: unclear", (text, errorCode) => {
    expect(readNginxProbe({ errorCode, text }).anchor).toBe("unclear");
  });
});
