/** Where the server leads a browser back to when the sign-in with the identity provider came to nothing, and why. */
const texts = {
  forbidden: {
    title: "You are not let in",
    detail:
      "The identity provider knows you, but none of your groups has a role here, or your account here is disabled. Ask an administrator.",
  },
  unauthorized: {
    title: "The sign-in did not come to an end",
    detail:
      "It was cancelled at the identity provider, took more than ten minutes, or was begun in another browser. Begin it again.",
  },
  "service-busy": {
    title: "The identity provider does not answer",
    detail: "Try again, or sign in with a password.",
  },
  "resource-not-found": {
    title: "There is no identity provider",
    detail: "This server is not set up for one. Sign in with a password.",
  },
} as const;

export type OidcRefusal = keyof typeof texts;

export function isOidcRefusal(code: string | undefined): code is OidcRefusal {
  return code !== undefined && Object.hasOwn(texts, code);
}

export function oidcRefusalText(code: OidcRefusal): { readonly title: string; readonly detail: string } {
  return texts[code];
}
