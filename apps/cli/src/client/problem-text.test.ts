import { describe, expect, test } from "vitest";
import { fieldAdvice } from "../output/option-advice.ts";
import { renderItem, renderProblem } from "./problem-text.ts";
import { ApiProblem } from "@tcm/api-contract";

const problem = new ApiProblem({
  type: "/mtls-edge-truststore/error-types/certificate-validation-failure",
  title: "Certificates did not pass validation",
  detail: "The certificates have 1 error.",
  status: 400,
  instance: "/x",
  errors: [
    {
      type: "expired-certificate",
      title: "Expired certificate",
      detail: "The certificate expired.",
      pointer: "/certificates/3",
      contextInfo: { subject: "CN=Old\u001b[31m CA", fingerPrint: "ab12" },
    },
  ],
});

describe("a problem for people", () => {
  test("has the code, the pointer, subject and fingerprint of every error, escaped", () => {
    expect(renderProblem(problem)).toBe(
      [
        "Certificates did not pass validation (certificate-validation-failure): The certificates have 1 error.",
        "error: expired-certificate  /certificates/3",
        "  CN=Old\\x1b[31m CA",
        "  SHA-256 ab12",
        "  The certificate expired.",
        "",
      ].join("\n"),
    );
  });

  test("names the place in a file where it is known", () => {
    const text = renderProblem(problem, (pointer) =>
      pointer === "/certificates/3" ? "old.pem, certificate 1" : undefined,
    );
    expect(text).toContain("error: expired-certificate  old.pem, certificate 1\n");
  });

  test("is not said twice when its only error says the same", () => {
    const detail = 'The hostname "a b" cannot be used.';
    const body = { type: "/error-types/invalid-field", title: "Invalid value", detail, status: 400, instance: "/x" };
    const item = { type: "/error-types/invalid-field", title: "Invalid value", detail, pointer: "/hostnames/0" };
    const text = renderProblem(new ApiProblem({ ...body, errors: [item] }));
    expect(text).toBe(`Invalid value (invalid-field): ${detail}\n`);
  });

  test("names another certificate by its file too", () => {
    const item = {
      type: "/mtls-edge-truststore/error-types/duplicate-certificate",
      title: "Duplicate certificate",
      detail: "The certificate is the same as certificate 1 and is kept once.",
      pointer: "/certificates/1",
      contextInfo: { firstIndex: 0 },
    };
    const files = ["a.pem, certificate 1", "b\u202e.pem, certificate 1"];
    const text = renderItem("warning", item, (pointer) => files[Number(pointer.split("/")[2])]);
    expect(text).toContain("warning: duplicate-certificate  b\\u{202e}.pem, certificate 1\n");
    expect(text).toContain("is the same as a.pem, certificate 1 and is kept once");
    expect(renderItem("warning", item)).toContain(`  ${item.detail}\n`);
  });

  test("names the field of a document where that is what the options are", () => {
    const errors = [{ type: "issuer-not-in-set", title: "Issuer not in the set", detail: "No issuer." }];
    const text = renderProblem(new ApiProblem({ ...problem.problem, errors }), undefined, fieldAdvice);
    expect(text).toContain("  No issuer.\n  In the file: requireRootCertificate: false\n");
  });

  test("names the option of the command line that allows it", () => {
    const errors = [{ type: "same-common-name", title: "Same name", detail: "Set allowDuplicateCommonNames." }];
    const text = renderProblem(new ApiProblem({ ...problem.problem, errors }));
    expect(text).toContain("  Set allowDuplicateCommonNames.\n  Option: --allow-duplicate-common-names\n");
  });
});
