import { isOidcRefusal, type OidcRefusal } from "./oidc-refusal.ts";

/** What an address that was followed to the page of the sign-in says, in its fragment so that no server's log has it. */
export type SignInLink = { readonly secret?: string; readonly refused?: OidcRefusal };

export function readSignInLink(hash: string): SignInLink {
  const secret = /^#first=([A-Za-z0-9_-]{43})$/.exec(hash)?.[1];
  if (secret !== undefined) return { secret };
  const refused = /^#refused=([a-z-]{1,64})$/.exec(hash)?.[1];
  return isOidcRefusal(refused) ? { refused } : {};
}

/** Why a one-time link does not work any more, and what to do. */
export function deadLinkText(awaitsFirstAdmin: boolean): { readonly title: string; readonly detail: string } {
  return awaitsFirstAdmin
    ? {
        title: "This link is not valid any more",
        detail:
          "It was made more than 15 minutes ago, or a newer one took its place. Start the server again: it prints a new link.",
      }
    : {
        title: "This link has been used",
        detail:
          "There is an administrator already. Sign in with the name and the password that were chosen then; an administrator can give you an account.",
      };
}
