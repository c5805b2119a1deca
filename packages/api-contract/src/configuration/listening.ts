import { z } from "zod";

const loopback: readonly string[] = ["127.0.0.1", "::1", "localhost"];

/** Whether only this machine reaches the address. */
export function isLoopback(host: string): boolean {
  return loopback.includes(host) || (z.ipv4().safeParse(host).success && host.startsWith("127."));
}

/** An IP address, or `localhost`: any other name could mean another machine tomorrow. */
export function isHost(host: string): boolean {
  return host === "localhost" || z.ipv4().safeParse(host).success || z.ipv6().safeParse(host).success;
}

/** What is wrong with the URL under which clients reach the API; undefined: nothing. */
export function publicUrlFault(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    url !== undefined && url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
  if (!isPlain || (url.protocol !== "https:" && url.protocol !== "http:"))
    return "takes a URL such as https://tcm.example:7300 without a path";
  if (url.protocol === "http:" && !isLoopback(url.hostname.replace(/^\[|\]$/g, "")))
    return `needs https, since ${url.hostname} is not this machine alone`;
  return undefined;
}

/** Names and addresses of the node port, between commas; undefined for what no certificate could name. */
export function parseNodeHosts(text: string): readonly string[] | undefined {
  const hosts = text.split(",").map((host) => host.trim());
  const isName = (host: string): boolean => /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host);
  return hosts.length <= 16 && hosts.every((host) => isHost(host) || isName(host)) ? hosts : undefined;
}
