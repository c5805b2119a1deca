import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";

export type ProviderAccount = {
  readonly sub: string;
  readonly preferred_username?: string;
  readonly groups?: readonly string[];
};

export const providerClient = { clientId: "tcm", clientSecret: "a secret of the provider and us" } as const;

type GrantContext = {
  readonly oidc: {
    readonly provider: Provider;
    readonly client: { readonly clientId: string };
    readonly session: { readonly accountId: string };
  };
};

/** A certified provider of OpenID Connect on loopback, that lets in whoever the test says. */
export class IdentityProvider {
  readonly issuer: string;
  /** Who signs in next. */
  account: ProviderAccount = { sub: "nobody" };
  readonly #server: Server;
  #provider: Provider | undefined;

  private constructor(server: Server) {
    this.#server = server;
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async listen(): Promise<IdentityProvider> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const provider = new IdentityProvider(server);
    server.on("request", (request, response) => provider.#answer(request, response));
    return provider;
  }

  /** Once it is known where people are sent back to. */
  serve(redirectUri: string): void {
    const { clientId: client_id, clientSecret: client_secret } = providerClient;
    this.#provider = new Provider(this.issuer, {
      clients: [
        {
          client_id,
          client_secret,
          redirect_uris: [redirectUri],
          token_endpoint_auth_method: "client_secret_post",
        },
      ],
      claims: { openid: ["sub"], profile: ["preferred_username", "groups"] },
      cookies: { keys: ["of the test"] },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      interactions: { url: () => "/interaction" },
      findAccount: (_context: unknown, sub: string) => ({
        accountId: sub,
        claims: async () => ({ ...this.account, sub }),
      }),
      loadExistingGrant: async ({ oidc: { provider, client, session } }: GrantContext) => {
        const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
        grant.addOIDCScope("openid profile email");
        await grant.save();
        return grant;
      },
    });
  }

  /** What a browser does after it was sent here: answers the address that it is sent back to. */
  async visit(address: string): Promise<URL> {
    const cookies = new Map<string, string>();
    for (let url = new URL(address); ; ) {
      const cookie = Array.from(cookies, ([name, value]) => `${name}=${value}`).join("; ");
      const answer = await fetch(url, { redirect: "manual", headers: { cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      const location = answer.headers.get("location");
      if (location === null) throw new Error(`the provider answers ${answer.status}: ${await answer.text()}`);
      url = new URL(location, url);
      if (url.origin !== this.issuer) return url;
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.#provider === undefined) response.writeHead(503).end();
    else if (request.url?.startsWith("/interaction"))
      void this.#provider.interactionFinished(request, response, { login: { accountId: this.account.sub } });
    else this.#provider.callback()(request, response);
  }
}
