import { type ActivationNodesView, type ActivationView, activationNodes, edgeNodeList } from "@tcm/api-contract";
import { takeSession } from "@tcm/edge";
import { type TestAuthority, type TestCertificate, testPki } from "@tcm/testkit";
import { Instance, poll } from "../instance.ts";
import { ProxyNode, type ProxyNodeOptions } from "./proxy-node.ts";
import { ask, type Door } from "./steady-clients.ts";

export type WantedNode = Pick<ProxyNodeOptions, "kind" | "configure" | "options" | "prepare">;

export type EndedDeployment = { readonly activation: ActivationView; readonly said: ActivationNodesView };

/** An installation, one CA set on its staging network, and proxies that guard it; the built-in edge is one of the nodes. */
export class ProxyNetwork {
  readonly instance: Instance;
  readonly caSetId: string;
  readonly nodes: readonly ProxyNode[];
  /** By node, the built-in edge first. */
  readonly doors: ReadonlyMap<string, Door>;

  private constructor(instance: Instance, caSetId: string, hostname: string, nodes: readonly ProxyNode[]) {
    this.instance = instance;
    this.caSetId = caSetId;
    this.nodes = nodes;
    this.doors = new Map([
      ["staging-edge", { port: instance.port("STAGING"), hostname }],
      ...nodes.map(({ kind, port }) => [kind.nodeId, { port, hostname }] as const),
    ]);
  }

  /** Version 1 of the set has these anchors, and is on every node. */
  static async start(anchors: readonly TestAuthority[], wanted: readonly WantedNode[]): Promise<ProxyNetwork> {
    const instance = await Instance.start();
    const caSetId = await instance.createSet("partners", pemsOf(anchors), { requireRootCertificate: false });
    const hostname = `ca-set-${caSetId}.tcm.internal`;
    const serverCertificate = testPki({ now: new Date() }).root("Edge Server Root").server(hostname);
    const nodes = await Promise.all(
      wanted.map((node) => ProxyNode.start({ ...node, instance, caSetId, serverCertificate })),
    );
    const network = new ProxyNetwork(instance, caSetId, hostname, nodes);
    await network.#connected();
    await network.deploy(1);
    return network;
  }

  node(nodeId: string): ProxyNode {
    const found = this.nodes.find(({ kind }) => kind.nodeId === nodeId);
    if (found === undefined) throw new Error(`no node ${nodeId}`);
    return found;
  }

  async deployNew(anchors: readonly TestAuthority[]): Promise<EndedDeployment> {
    return this.deploy(await this.newVersion(anchors));
  }

  newVersion(anchors: readonly TestAuthority[]): Promise<number> {
    return this.instance.createVersion(this.caSetId, pemsOf(anchors), { requireRootCertificate: false });
  }

  async deploy(version: number): Promise<EndedDeployment> {
    return this.ended(await this.instance.activate(this.caSetId, version, "STAGING"));
  }

  async ended(link: string): Promise<EndedDeployment> {
    const activation = await this.instance.ended(link);
    return { activation, said: await this.saidOf(link) };
  }

  saidOf(link: string): Promise<ActivationNodesView> {
    return this.instance.ask(activationNodes, 200, "GET", `${link}/nodes`);
  }

  /** Whether a client is let in, by a new connection, at every node at once. */
  async letIn(client: TestCertificate): Promise<Readonly<Record<string, boolean>>> {
    const answers = [...this.doors].map(async ([nodeId, door]) => [nodeId, (await ask(door, client)) === 200] as const);
    return Object.fromEntries(await Promise.all(answers));
  }

  everywhere(answer: boolean): Readonly<Record<string, boolean>> {
    return Object.fromEntries([...this.doors.keys()].map((nodeId) => [nodeId, answer]));
  }

  /** A session of the client at every node, in both versions of TLS. */
  sessionsOf(client: TestCertificate, nodeIds: readonly string[] = [...this.doors.keys()]) {
    const doors = nodeIds.flatMap((nodeId) => this.doors.get(nodeId) ?? []);
    const versions = ["TLSv1.2", "TLSv1.3"] as const;
    return Promise.all(
      doors.flatMap(({ port, hostname }) =>
        versions.map((version) => takeSession({ host: "127.0.0.1", port, serverName: hostname }, client, version)),
      ),
    );
  }

  async remove(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.remove()));
    await this.instance.remove();
  }

  #connected(): Promise<true> {
    return poll(120_000, "the nodes", async () => {
      const { edgeNodes } = edgeNodeList.parse((await this.instance.request("GET", "/edge-nodes")).body);
      const connected = edgeNodes.filter(({ network, isConnected }) => network === "STAGING" && isConnected);
      return connected.length >= this.doors.size || undefined;
    });
  }
}

function pemsOf(anchors: readonly TestAuthority[]): readonly string[] {
  return anchors.map(({ pem }) => pem);
}
