/** What the edge shows clients for one of its hostnames. The key stays in memory. */
export type ServerCertificate = {
  /** The leaf first, then its issuers. */
  readonly certificatePem: string;
  readonly privateKeyPem: string;
};

/** Where server certificates come from. */
export interface ServerCertificates {
  /**
   * The certificate for a hostname, as configured: `*.` may lead. The same object as long as it is the one to use, so that
   * a TLS context is made only once; undefined when there is none, and then the hostname is not served. Throws when making
   * one fails.
   */
  certificateFor(hostname: string): ServerCertificate | undefined;
}
