/**
 * Where a text that is not in a block looks like a private key; undefined: nowhere. It finds what people leave in by accident: a key
 * without its boundary lines, or with damaged ones, and what tools print of one. It is no filter against who hides one. Linear.
 */
export function findPrivateKey(text: string): number | undefined {
  const places = [keyWords, plainKey, encryptedKey].map((form) => text.search(form)).filter((at) => at >= 0);
  return places.length === 0 ? undefined : Math.min(...places);
}

/**
 * A damaged boundary; what `openssl pkey -text` prints; the first bytes of the OpenSSH format, and the header of PuTTY's; the private
 * member of a JSON Web Key, RFC 7518 §6.2.2. "Private Key Usage Period" stands in printed certificates and is none of them.
 */
const keyWords =
  /PRIVATE KEY|Private-Key: ?\(|privateExponent:|b3BlbnNzaC1rZXkt|Private-Lines: ?\d|"d"\s{0,4}:\s{0,4}"[A-Za-z0-9_-]{20}/;

/**
 * The beginning, in base64, of a SEQUENCE whose length takes one byte, two or three, or is not told (BER, as some key stores have it), of a
 * version 0, 1 or 3 and of a SEQUENCE, an OCTET STRING or an INTEGER: RFC 5958 §2 and PKCS#8, RFC 8017 appendix A.1.2, RFC 5915 §3, RFC 7292 §4. No certificate, request,
 * revocation list or public key begins so, nor do the certificates of PKCS#7, which have a SET there.
 */
const plainKey =
  /M(?:(?:[A-H][AEIMQUYcgkosw048]|IA)CAQ[AEM][CEw]|I[E-H][A-Za-z0-9+/]AgE[ABD](?:[AB]|M[A-P])|I[I-L][A-Za-z0-9+/]{2}[AQgw]IBA(?:[AQ][I-LQ-T]|[DTz][A-D]))/;

/**
 * RFC 5958 §3: encrypted by an algorithm of PKCS#5 or PKCS#12, 1.2.840.113549.1.5 and .12, wherever in three bytes it begins; and not
 * PKCS#7, which is .7 and shares the beginning of a character with .5.
 */
const encryptedKey = /KoZIhvcNAQ[Uw]|qGSIb3DQE[FM]|qhkiG9w0B(?:B[Q-Za-f]|D[A-P])/;
