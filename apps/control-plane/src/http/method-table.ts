/** Which methods each path has, so that a wrong method is told from a wrong path. */
export class MethodTable {
  readonly #routes: { readonly pattern: RegExp; readonly method: string }[] = [];

  add(url: string, methods: readonly string[]): void {
    const pattern = new RegExp(`^${url.replace(/[.]/g, "\\.").replace(/:[A-Za-z]+/g, "[^/]+")}/?$`);
    for (const method of methods) this.#routes.push({ pattern, method });
  }

  /** Methods of the path, in order; empty when there is no such path. */
  allowed(path: string): readonly string[] {
    return [...new Set(this.#routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort();
  }
}
