import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";

const tooSlow = { status: 408, detail: "The request did not arrive in time. Send it again." };
const tooLong = {
  status: 431,
  detail: "The header fields are longer than 16 KiB together. Send fewer cookies and shorter fields.",
};
const noRequest = {
  status: 400,
  detail: "This is no HTTP request that can be read: its method, its target or a header field is malformed.",
};

/**
 * What arrives is no request, so that there is no route, hook or handler for it. Its answer is a problem all the same, of the type that
 * says no more than the status (RFC 9457 section 4.2.1).
 */
export function answerUnreadable(error: { readonly code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return;
  const { status, detail } = faultOf(error.code);
  const title = STATUS_CODES[status];
  const body = JSON.stringify({ type: "about:blank", title, status, detail });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    "content-type: application/problem+json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}

function faultOf(code: string | undefined): typeof noRequest {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return tooSlow;
  return code === "HPE_HEADER_OVERFLOW" ? tooLong : noRequest;
}
