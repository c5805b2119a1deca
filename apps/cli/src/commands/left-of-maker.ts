import { escapeText } from "@tcm/core";
import type { ApiClient } from "../client/api-client.ts";

/** What a token or an API client made that is still good, in words; empty when there is nothing. Join tokens are on the audit record. */
export async function leftOf(client: ApiClient, maker: string): Promise<string> {
  const lists = [client.call("listTokens"), client.call("listApiClients"), client.call("listUsers")] as const;
  const found = await Promise.all(lists).catch(() => undefined);
  // Who has just revoked the token that this runs with may read no more.
  if (found === undefined) return "";
  const [{ tokens }, { apiClients }, { users }] = found;
  const isLeft = (one: { readonly createdBy: string; readonly revokedDate: string | null }) =>
    one.createdBy === maker && one.revokedDate === null;
  const left = [
    ...tokens.filter(isLeft).map(({ tokenId }) => `token ${tokenId}`),
    ...apiClients.filter(isLeft).map(({ apiClientId }) => `API client ${apiClientId}`),
    ...users.filter(({ createdBy, disabled }) => createdBy === maker && !disabled).map(({ name }) => `user ${name}`),
  ];
  if (left.length === 0) return "";
  return `Made with it and still good: ${escapeText(left.join(", "))}. If it was stolen, run this again with --with-made.\n`;
}
