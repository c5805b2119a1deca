/**
 * Fields in which upstreams have learned to believe what a proxy says of its client, by the names that nginx can only be
 * given one by one: RFC 9440, Envoy, Traefik, AWS, Azure, and the `X-SSL-Client-…` that people configure. In HAProxy and in
 * the built-in edge a pattern covers all of them, and their spellings.
 */
export const identityFields: readonly string[] = [
  "Client-Cert-Chain",
  "ClientCert",
  "TCM-Client-Verdict",
  "X-Amzn-Mtls-Clientcert",
  "X-Amzn-Mtls-Clientcert-Issuer",
  "X-Amzn-Mtls-Clientcert-Leaf",
  "X-Amzn-Mtls-Clientcert-Serial-Number",
  "X-Amzn-Mtls-Clientcert-Subject",
  "X-Amzn-Mtls-Clientcert-Validity",
  "X-ARR-ClientCert",
  "X-Client-Cert",
  "X-Client-Cert-Chain",
  "X-Client-Certificate",
  "X-Client-Verify",
  "X-Forwarded-Client-Cert",
  "X-Forwarded-Tls-Client-Cert",
  "X-Forwarded-Tls-Client-Cert-Info",
  "X-SSL-Client-Cert",
  "X-SSL-Client-CN",
  "X-SSL-Client-DN",
  "X-SSL-Client-Fingerprint",
  "X-SSL-Client-I-DN",
  "X-SSL-Client-Issuer",
  "X-SSL-Client-S-DN",
  "X-SSL-Client-Serial",
  "X-SSL-Client-Verify",
  "X-Client-CN",
  "X-Client-DN",
  "X-Client-Subject",
  "X-SSL-Client-Not-After",
  "X-SSL-Client-SHA1",
  "X-SSL-Client-Verified",
  "SSL-Client-Cert",
  "SSL-Client-I-DN",
  "SSL-Client-S-DN",
  "SSL-Client-Verify",
];

/** In lower case, as HAProxy has field names; any sign stands between two words, since applications take many for the same. */
export const identityPattern =
  "client[^a-z0-9]?cert|ssl[^a-z0-9]client|client[^a-z0-9]verify|^x[^a-z0-9]client[^a-z0-9](cn|dn|subject)$|^tcm[^a-z0-9]client[^a-z0-9]verdict$";

/** Said by the edge, or by nobody. */
export const forwardedPattern =
  "^forwarded$|^x[^a-z0-9]forwarded[^a-z0-9](for|host|port|proto)$|^x[^a-z0-9]real[^a-z0-9]ip$";
