import type { Outcome } from "@tcm/core";
import * as client from "openid-client";
import { done, type Refusal, refuse } from "../operations/refuse.ts";
import type { IdentityContext } from "./identity-context.ts";
import { type OidcOptions, oidcRole } from "./oidc-options.ts";
import { type OidcIdentity, signInOidcUser } from "./oidc-user.ts";

/** Sign-in with a provider: authorization code with PKCE, state and nonce (RFC 6749, RFC 7636, OpenID Connect Core 1.0). */
export type Oidc = {
  /** Where the browser goes, and the cookie that it brings back. */
  begin(): Promise<Outcome<{ readonly location: string; readonly cookie: string }>>;
  /** `url` is the address that the provider sent the browser to. Answers what goes into the cookie of the session. */
  end(url: URL, cookie: string | undefined, earlier: string | undefined): Promise<Outcome<string>>;
};

export const oidcRoundTripSeconds = 600;
const purpose = "oidc-round-trip";
const timeoutSeconds = 10;

type RoundTrip = { readonly state: string; readonly nonce: string; readonly verifier: string; readonly endsAt: number };

export function openOidc(context: IdentityContext, options: OidcOptions, redirectPath: string): Oidc {
  const { operatorKey, clock, publicUrl } = context;
  const redirectUri = (): string => publicUrl() + redirectPath;
  const configuration = onceDone(() => discover(options));

  return {
    begin: async () => {
      const config = await configuration().catch(() => undefined);
      if (config === undefined) return unreachable();
      const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
      const location = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri(),
        scope: "openid profile email",
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        state,
        nonce,
      });
      const roundTrip: RoundTrip = { state, nonce, verifier, endsAt: clock() + oidcRoundTripSeconds * 1_000 };
      const cookie = operatorKey.seal(Buffer.from(JSON.stringify(roundTrip)), purpose);
      return done({ location: location.href, cookie });
    },

    end: async (url, cookie, earlier) => {
      const roundTrip = openRoundTrip(operatorKey, cookie);
      if (roundTrip === undefined || roundTrip.endsAt <= clock()) return refused();
      const config = await configuration().catch(() => undefined);
      if (config === undefined) return unreachable();
      const current = new URL(redirectUri());
      current.search = url.search;
      const claims = await redeem(config, current, roundTrip);
      if (claims === undefined) return refused();
      const identity = identityOf(options, claims);
      if (identity === undefined)
        return refuse("forbidden", "The identity provider let you in, but none of your groups has a role here.");
      return signInOidcUser(context, identity, earlier);
    },
  };
}

type Claims = { readonly sub: string } & Readonly<Record<string, unknown>>;

/** Undefined for whatever is wrong with the answer: state, code, verifier, signature, nonce, audience or time. */
async function redeem(config: client.Configuration, url: URL, trip: RoundTrip): Promise<Claims | undefined> {
  try {
    const tokens = await client.authorizationCodeGrant(config, url, {
      expectedState: trip.state,
      expectedNonce: trip.nonce,
      pkceCodeVerifier: trip.verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) return undefined;
    // Groups are often told here alone.
    const hasMore = config.serverMetadata().userinfo_endpoint !== undefined;
    const more = hasMore ? await client.fetchUserInfo(config, tokens.access_token, claims.sub) : {};
    return { ...more, ...claims };
  } catch {
    return undefined;
  }
}

function identityOf(options: OidcOptions, claims: Claims): OidcIdentity | undefined {
  const role = oidcRole(options, claims);
  if (role === undefined) return undefined;
  const name = [claims["preferred_username"], claims["email"], claims.sub].find((text) => typeof text === "string");
  return { issuer: options.issuer, sub: claims.sub, preferredName: String(name).slice(0, 200), role };
}

function discover({ issuer, clientId, clientSecret }: OidcOptions): Promise<client.Configuration> {
  const url = new URL(issuer);
  const execute = url.protocol === "http:" ? [client.allowInsecureRequests] : [];
  return client.discovery(url, clientId, clientSecret, undefined, { execute, timeout: timeoutSeconds });
}

/** The provider may be away when the control plane starts: what failed is tried again by the next who asks. */
function onceDone<T>(work: () => Promise<T>): () => Promise<T> {
  let pending: Promise<T> | undefined;
  return () => {
    pending ??= work().catch((error: unknown) => {
      pending = undefined;
      throw error;
    });
    return pending;
  };
}

function openRoundTrip(operatorKey: IdentityContext["operatorKey"], cookie: string | undefined): RoundTrip | undefined {
  try {
    return JSON.parse(Buffer.from(operatorKey.open(cookie ?? "", purpose)).toString()) as RoundTrip;
  } catch {
    return undefined;
  }
}

function refused(): Refusal {
  return refuse("unauthorized", "The sign-in with the identity provider did not come to an end. Begin it again.");
}

function unreachable(): Refusal {
  return refuse("service-busy", "The identity provider does not answer. Try again, or sign in with a password.");
}
