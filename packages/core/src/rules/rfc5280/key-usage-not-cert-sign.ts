import { memberRule } from "../rule.ts";

export const keyUsageNotCertSign = memberRule("key-usage-not-cert-sign", "RFC 5280 §4.2.1.3", ({ certificate }) => {
  const { keyUsage } = certificate.extensions;
  if (keyUsage === undefined || keyUsage.keyCertSign) return undefined;
  const actual = Object.entries(keyUsage).flatMap(([name, isSet]) => (isSet ? [name] : []));
  return { expected: "keyCertSign", actual };
});
