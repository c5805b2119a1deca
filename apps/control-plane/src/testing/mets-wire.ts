import { type Network, networks } from "@tcm/core";
import { expect } from "vitest";
import type { Answer, AskOptions } from "./api-client.ts";
import { ControlPlaneHarness } from "./control-plane-harness.ts";
import { type FakeNode, proves, staysSilent } from "./fake-node.ts";
import { always, link, mediaType, problem, root, type Wire } from "./mets-answers.ts";
import type { Named } from "./mets-objects.ts";

/** Every status that the reference, section 3, gives an endpoint, but for those of what we have not: other services that are asked. */
const statuses: Readonly<Record<string, readonly number[]>> = {
  "POST /ca-sets": [201, 400, 409, 415, 422],
  "GET /ca-sets": [200, 400],
  "GET /ca-sets/{id}": [200, 404],
  "DELETE /ca-sets/{id}": [202, 400, 404, 409],
  "GET /ca-sets/{id}/status/delete": [200, 202, 207, 400, 404],
  "GET /ca-sets/{id}/activities": [200, 404],
  "GET /ca-sets/{id}/associations": [200, 404],
  "POST /ca-sets/{id}/clone": [201, 400, 404, 409, 422],
  "GET /ca-sets/{id}/activations": [200, 404],
  "POST /ca-sets/{id}/versions": [201, 400, 404, 409, 422],
  "GET /ca-sets/{id}/versions": [200, 404],
  "GET /ca-sets/{id}/versions/{v}": [200, 404],
  "PUT /ca-sets/{id}/versions/{v}": [200, 400, 404, 409, 422],
  "DELETE /ca-sets/{id}/versions/{v}": [204, 404, 422],
  "POST /ca-sets/{id}/versions/{v}/clone": [201, 404, 409, 422],
  "GET /ca-sets/{id}/versions/{v}/certificates": [200, 400, 404],
  "POST /ca-sets/{id}/versions/{v}/activate": [202, 400, 404, 409],
  "POST /ca-sets/{id}/versions/{v}/deactivate": [202, 404, 409],
  "GET /ca-sets/{id}/versions/{v}/activations": [200, 404],
  "GET /ca-sets/{id}/versions/{v}/activations/{a}": [200, 202, 404],
  "POST /certificates/validate": [200, 400],
};

/** A file of tests for each; together they have every endpoint of the reference. */
export type WireNoun = "set" | "version" | "deployment";

function nounOf(endpoint: string): WireNoun {
  if (/activat/.test(endpoint)) return "deployment";
  return /versions|certificates/.test(endpoint) ? "version" : "set";
}

/** A control plane whose answers are held against the mETS reference to the last header and member, and what was seen of it. */
export class MetsWire {
  /** One set of one version with one certificate is all that there can be: it is there already, as set 1, `only`. */
  readonly small: ControlPlaneHarness;
  readonly plane: ControlPlaneHarness;
  readonly nodes: readonly FakeNode[];
  readonly #seen = new Set<string>();

  private constructor(plane: ControlPlaneHarness, small: ControlPlaneHarness, nodes: readonly FakeNode[]) {
    this.plane = plane;
    this.small = small;
    this.nodes = nodes;
  }

  static async open(): Promise<MetsWire> {
    const plane = await ControlPlaneHarness.start();
    const limits = { caSets: 1, versionsPerCaSet: 1, certificatesPerVersion: 1 };
    const small = await ControlPlaneHarness.start({ limits });
    await small.createSet("only");
    await small.createVersion([root], {}, "1");
    return new MetsWire(plane, small, await plane.connectLocalNodes());
  }

  async close(): Promise<void> {
    await Promise.all([this.plane.remove(), this.small.remove()]);
  }

  /** One call, whose answer is compared to the last header and member. */
  async call(method: string, path: string, sent: AskOptions, wanted: Wire, at = this.plane): Promise<Answer> {
    const answer = await at.ask(method, path, sent);
    const { status, body } = wanted;
    expect({ status: answer.status, body: answer.body }, `${method} ${path}`).toEqual({ status, body });
    expectHeaders(answer, wanted);
    this.see(method, path, status);
    return answer;
  }

  /** Notes a status, which has to be one that the reference gives. */
  see(method: string, path: string, status: number): void {
    const shape = path
      .replace(/\?.*/, "")
      .replace(/^(\/ca-sets)\/\d+/, "$1/{id}")
      .replace(/\/versions\/\d+/, "/versions/{v}")
      .replace(/\/activations\/\d+/, "/activations/{a}");
    expect(statuses[`${method} ${shape}`], `${method} ${shape}`).toContain(status);
    this.#seen.add(`${method} ${shape} ${status}`);
  }

  /** What the reference has and no call has shown, of the endpoints of a noun. */
  unseen(noun: WireNoun): readonly string[] {
    return Object.entries(statuses)
      .filter(([endpoint]) => nounOf(endpoint) === noun)
      .flatMap(([endpoint, all]) => all.map((status) => `${endpoint} ${status}`))
      .filter((line) => !this.#seen.has(line));
  }

  async newSet(): Promise<Named> {
    const { caSetId, caSetName } = await this.plane.createSet();
    return { caSetId, caSetName };
  }

  async newVersion(): Promise<Named> {
    const set = await this.newSet();
    await this.plane.createVersion([root], {}, set.caSetId);
    return set;
  }

  async change(set: Named, verb: "activate" | "deactivate", network: Network): Promise<void> {
    const path = `/ca-sets/${set.caSetId}/versions/1/${verb}`;
    const answer = await this.plane.ask("POST", path, { body: { network } });
    await this.plane.ended(answer.body as { activationLink: string });
  }

  /** A set that is deleted on staging and not yet on production, and what every change of it is answered. */
  async beingDeleted(): Promise<{ readonly set: Named; readonly busy: Wire }> {
    const set = await this.newVersion();
    for (const verb of ["activate", "deactivate"] as const)
      for (const network of networks) await this.change(set, verb, network);
    this.silence("PRODUCTION");
    await this.plane.ask("DELETE", `/ca-sets/${set.caSetId}`);
    await this.deletedOnStaging(set);
    const deletionLink = `${link(set)}/status/delete`;
    const info = { ...set, deletionLink, productionStatus: "IN_PROGRESS", stagingStatus: "COMPLETE" };
    return { set, busy: problem("delete-ca-set-request-in-progress", info) };
  }

  async deletedOnStaging({ caSetId }: Named): Promise<void> {
    await expect
      .poll(async () => JSON.stringify((await this.plane.ask("GET", `/ca-sets/${caSetId}/status/delete`)).body), {
        timeout: 120_000,
      })
      .toContain('"STAGING","status":"COMPLETE"');
  }

  /** The nodes of these networks prove nothing any more; those of the others do. */
  silence(...silent: readonly Network[]): void {
    for (const node of this.nodes) node.habit = silent.includes(node.account.network) ? staysSilent : proves;
  }
}

function expectHeaders({ headers: answered, text }: Answer, { status, headers, body }: Wire): void {
  const {
    date,
    connection: _connection,
    "keep-alive": _kept,
    "content-length": length,
    "transfer-encoding": _coding,
    ...rest
  } = answered;
  expect(rest).toEqual({ ...always, ...(body !== "" && { "content-type": mediaType(status) }), ...headers });
  expect(new Date(date ?? "").toUTCString()).toBe(date);
  if (length !== undefined) expect(Number(length)).toBe(Buffer.byteLength(text));
}
