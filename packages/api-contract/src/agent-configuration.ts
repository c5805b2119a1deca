import { z } from "zod";

/**
 * The file that `tcm-agent --config` reads: which engine a node drives and how that one is reached. `tcm edge config`
 * prints one. Paths are absolute. What stands on the command line goes before what stands here.
 */

const path = z.string().regex(/^\/[^\0\r\n]*$/, "an absolute path is expected");
const port = z.int().min(1).max(65_535);
const host = z.string().regex(/^[0-9A-Za-z.:_-]{1,253}$/, "an address or a name is expected");
const entry = z
  .string()
  .regex(/^(?:ca-set|edge-certificate)\/[1-9][0-9]{0,9}$/, 'an entry is written "ca-set/7" or "edge-certificate/3"');

const listener = z.strictObject({
  /** Whose trust file the listener's configuration names. */
  entry,
  /** Where the agent reaches the listener, to prove what it trusts. */
  host,
  port,
  /** Sent as SNI and Host when it does. */
  serverName: z.string().regex(/^[0-9A-Za-z.-]{1,253}$/, "a hostname is expected"),
  /** The listener tells clients the names of its CAs. */
  sendsCaNames: z.boolean().optional(),
});

const node = {
  /** Written at the enrolment. */
  identity: path.optional(),
  /** Where what was last good is kept. */
  data: path.optional(),
  /** Where clients reach this node, for showing. */
  address: z
    .string()
    .regex(/^\S{1,280}:\d{1,5}$/, "HOST:PORT is expected")
    .optional(),
};

const proxy = {
  /** Of the trust files: the agent's alone to write, the proxy's to read. */
  trustDirectory: z.string().regex(/^\/[\w./+-]+$/, "an absolute path of plain characters is expected"),
  listeners: z.array(listener).max(1_000),
  /** How long connections from before a removal may finish what they are doing. */
  graceSeconds: z.int().min(1).max(300).optional(),
};

const builtIn = z.strictObject({
  engine: z.literal("built-in"),
  ...node,
  host,
  port: z.int().min(0).max(65_535),
  /** Certificate chains shown to clients, with their keys; the first that has the hostname is taken. */
  serverCertificates: z
    .array(z.strictObject({ certificate: path, key: path }))
    .max(1_000)
    .optional(),
  /** Directory of the CA for hostnames without a certificate of their own. */
  localCa: path.optional(),
  /** Hostname to the origin that its requests go to. */
  upstreams: z.record(z.string().min(1).max(253), z.url()).optional(),
});

const haproxy = z.strictObject({
  engine: z.literal("haproxy"),
  ...node,
  ...proxy,
  /** `stats socket … level admin`. */
  runtimeSocket: path,
  /** `haproxy -W -S`: where a change needs a reload, as every large one does before 2.7. */
  masterSocket: path.optional(),
  /** Read for what would let trust outlive its removal. */
  configuration: path.optional(),
  /** The agent listens there, and HAProxy's ring sends it a line of every handshake. */
  handshakeSocket: path.optional(),
});

const nginx = z.strictObject({
  engine: z.literal("nginx"),
  ...node,
  ...proxy,
  /** Absolute, or found by PATH. */
  program: z.string().min(1).max(4_096).optional(),
  configuration: path,
  pidFile: path,
  /** NGINX writes a line of every handshake there; the agent's to empty when it grows. */
  handshakeLog: path.optional(),
});

export const agentConfiguration = z.discriminatedUnion("engine", [builtIn, haproxy, nginx]);

export type AgentConfiguration = z.infer<typeof agentConfiguration>;
export type BuiltInConfiguration = z.infer<typeof builtIn>;
export type HaproxyConfiguration = z.infer<typeof haproxy>;
export type NginxConfiguration = z.infer<typeof nginx>;
export type ListenerConfiguration = z.infer<typeof listener>;

export const maxAgentConfigurationBytes = 1024 * 1024;
