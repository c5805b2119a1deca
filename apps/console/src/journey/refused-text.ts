import { formatPlace, type PemProblemCode, type PlacedProblem } from "@tcm/core";

/** What was handed in and is no certificate, and what to do. */
export function refusedText({ place, problem: { code, label, expected } }: PlacedProblem): string {
  return `${formatPlace(place)}: ${sentence(code, label, expected)}`;
}

function sentence(code: PemProblemCode, label: string | undefined, expected: string): string {
  if (code === "pem-unexpected-block" && (label === undefined || label.includes("PRIVATE KEY")))
    return "this is a private key. It was not kept and not sent. Choose the file of the certificate, and keep the key where it belongs.";
  if (code === "pem-unexpected-block" && (label === "PKCS7" || label === "CMS"))
    return `a ${label} bundle is no PEM certificate. Convert it: openssl pkcs7 -print_certs -in FILE.`;
  if (code === "pem-unexpected-block") return `a block "${label}" is no certificate. Leave it out.`;
  if (code === "pem-looks-like-der")
    return "this is a binary bundle such as PKCS #7. Convert it: openssl pkcs7 -inform der -print_certs -in FILE.";
  if (code === "pem-looks-like-html")
    return "this is a web page and no certificate. Download the file that it links to.";
  return `${expected} is expected here.`;
}
