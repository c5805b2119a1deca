/**
 * The least that `node:https` can do for a client with a certificate: asks for it, looks at nothing, and answers always the same.
 *
 *   bare-node SERVER.pem PORT
 */
import { constants } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";

const [file = "", port = ""] = process.argv.slice(2);
const pem = readFileSync(file, "utf8");
const body = "served\n";
const asking = { requestCert: true, rejectUnauthorized: false, ca: [], secureOptions: constants.SSL_OP_NO_TICKET };

createServer({ ...asking, cert: pem, key: pem }, (_request, response) => {
  response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": body.length });
  response.end(body);
}).listen(Number(port), "127.0.0.1");
