import { describe, expect, test } from "vitest";
import { upstreamFields } from "../node-tls/upstream-fields.ts";
import { identityFields, identityPattern } from "./identity-fields.ts";

describe("identity fields", () => {
  test.each(["Client-Cert", ...identityFields])("%s is taken out by every engine", (field) => {
    expect(field.toLowerCase()).toMatch(new RegExp(identityPattern));
    const fields = upstreamFields({
      rawHeaders: [field, "forged"],
      authority: "shop.example",
      remoteAddress: "127.0.0.1",
      site: { mode: "deny" },
      verdict: { accepted: false, code: "client-certificate-missing", detail: "" },
    });
    expect(JSON.stringify(fields)).not.toContain("forged");
  });

  test("are matched in other spellings, and other fields are not", () => {
    for (const field of ["client_cert", "client.cert", "x-ssl_client.s_dn", "clientcert", "tcm_client_verdict"]) {
      expect(field).toMatch(new RegExp(identityPattern));
    }
    for (const field of ["client-id", "x-client-version", "ssl-cert", "authorization"]) {
      expect(field).not.toMatch(new RegExp(identityPattern));
    }
  });
});
