import type { Answer, Ask } from "./api-client.ts";

/** What a page of the product does in a browser: keeps cookies, and sends what its scripts send. */
export class Browser {
  readonly #ask: Ask;
  readonly #origin: string;
  readonly cookies = new Map<string, string>();

  constructor(ask: Ask, origin: string) {
    this.#ask = ask;
    this.#origin = origin;
  }

  /** `headers` replace those that the page would send; undefined takes one away. */
  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string | undefined>> = {},
  ): Promise<Answer> {
    const cookie = Array.from(this.cookies, ([name, value]) => `${name}=${value}`).join("; ");
    const isChange = method !== "GET";
    const answer = await this.#ask(method, path, {
      token: null,
      ...(body !== undefined && { body }),
      headers: {
        ...(cookie !== "" && { cookie }),
        ...(isChange && { origin: this.#origin, "x-tcm-request": "page" }),
        ...headers,
      },
    });
    for (const line of answer.headers["set-cookie"] ?? []) this.#keep(line);
    return answer;
  }

  #keep(line: string): void {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === "" || /max-age=0/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, decodeURIComponent(value));
  }
}
