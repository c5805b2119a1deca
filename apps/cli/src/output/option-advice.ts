/** What the texts of the API say in the API's words, in those of the command line. */
const advice: Readonly<Record<string, string>> = {
  "issuer-not-in-set": "Option: --no-require-root",
  "insecure-signature-algorithm": "Option: --allow-insecure-sha1, for SHA-1 alone",
  "same-common-name": "Option: --allow-duplicate-common-names",
  "confirmation-required": "Option: --yes, if that is meant",
  unauthorized:
    "A token of another data directory, a revoked or an expired one is not known here, and sessions end. Sign in with tcm login, or make a token with: tcm token create --role admin --data DIR",
};

/** Where the options are fields of a document. */
const fields: Readonly<Record<string, string>> = {
  "issuer-not-in-set": "In the file: requireRootCertificate: false",
  "insecure-signature-algorithm": "In the file: allowInsecureSha1: true, for SHA-1 alone",
  "same-common-name": "In the file: allowDuplicateCommonNames: true",
};

/** What `tcm plan` and `tcm apply` say in place of options that they do not have. */
export function fieldAdvice(code: string): readonly string[] {
  const line = fields[code];
  return line === undefined ? optionAdvice(code) : [line];
}

/** Nothing, or the one line to add. */
export function optionAdvice(code: string): readonly string[] {
  const line = advice[code];
  return line === undefined ? [] : [line];
}
