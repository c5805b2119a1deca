/** `core ← node-crypto, api-contract, edge ← apps`: which of our packages each may import. Tests may also use testkit. */
export const packageImports: Readonly<Record<string, readonly string[]>> = {
  core: [],
  "node-crypto": ["core"],
  "api-contract": ["core"],
  edge: ["core", "node-crypto", "api-contract"],
  testkit: ["core", "node-crypto"],
  agent: ["core", "node-crypto", "api-contract", "edge"],
  "control-plane": ["core", "node-crypto", "api-contract"],
  cli: ["core", "node-crypto", "api-contract", "edge"],
  console: ["core", "api-contract"],
};

/** The command line starts these processes: it reads where their entry files are, and nothing else. */
export const processEntries: Readonly<Record<string, readonly string[]>> = {
  cli: ["control-plane", "agent", "console"],
};

export type FolderImports = {
  readonly values: readonly string[];
  /** Types alone, where the port or the shape belongs to the other folder. */
  readonly types?: readonly string[];
};

/** `der ← certificate ← path ← rules ← ca-set ← activation`, and the folders beside them. "." is the root of the package. */
const core: Readonly<Record<string, FolderImports>> = {
  text: { values: [] },
  pem: { values: [] },
  der: { values: ["text"] },
  certificate: { values: ["der", "text"], types: ["signature"] },
  crl: { values: ["certificate", "der", "pem", "text"], types: ["signature"] },
  signature: { values: ["certificate", "der"] },
  "certificate-request": { values: ["certificate", "der", "signature"] },
  path: { values: ["certificate", "crl", "der", "signature", "text"] },
  rules: { values: ["certificate", "path", "signature"] },
  problem: { values: ["text"], types: ["rules"] },
  "ca-set": { values: ["certificate", "path", "pem", "rules", "signature", "text"] },
  manifest: { values: ["text"], types: ["signature"] },
  activation: { values: ["ca-set", "manifest"] },
};

/** `http → operations → store`. */
const controlPlane: Readonly<Record<string, FolderImports>> = {
  store: { values: [] },
  validation: { values: [] },
  limits: { values: [] },
  manifest: { values: ["store"] },
  audit: { values: ["store"], types: ["keys"] },
  operations: { values: ["audit", "manifest", "store", "validation"], types: ["keys"] },
  identity: { values: ["audit", "operations", "store"], types: ["keys"] },
  keys: { values: ["operations", "store"] },
  backup: { values: ["audit", "keys", "manifest", "operations", "store"] },
  activation: { values: ["operations"] },
  nodes: { values: ["keys", "limits", "manifest", "operations", "store"] },
  observability: { values: ["audit", "operations", "store"] },
  http: { values: ["audit", "identity", "limits", "operations"], types: ["observability"] },
};

/** An engine knows what is served and how handshakes are counted; what is served knows no engine. */
const edge: Readonly<Record<string, FolderImports>> = {
  served: { values: [], types: ["."] },
  "trust-files": { values: ["served"], types: ["."] },
  probe: { values: ["trust-files"], types: ["."] },
  handshakes: { values: ["probe", "served"], types: ["."] },
  memory: { values: ["served"], types: ["."] },
  haproxy: { values: ["handshakes", "probe", "trust-files"], types: ["."] },
  nginx: { values: ["handshakes", "probe", "trust-files"], types: ["."] },
  "node-tls": { values: ["handshakes", "served"], types: ["."] },
};

const agent: Readonly<Record<string, FolderImports>> = {
  configuration: { values: ["."] },
  state: { values: ["."] },
  identity: { values: [".", "state"] },
  entries: { values: ["."], types: ["state"] },
  session: { values: ["."], types: ["entries", "identity", "state"] },
  telemetry: { values: ["."] },
  enrolment: { values: [".", "identity", "session", "state"] },
};

/** `commands → gitops, demo, … → deployment → client → output`; "." has what a command gets, and how it fails. */
const cli: Readonly<Record<string, FolderImports>> = {
  output: { values: ["."], types: ["check"] },
  client: { values: [".", "output"] },
  check: { values: [".", "output"] },
  edge: { values: [] },
  start: { values: [".", "output"] },
  store: { values: [".", "output"] },
  deployment: { values: [".", "client", "output"] },
  "edge-certificate": { values: [".", "output"], types: ["client"] },
  status: { values: ["deployment"], types: ["client"] },
  verify: { values: [".", "check", "client", "deployment", "output"] },
  distrust: { values: [".", "output", "verify"], types: ["client"] },
  gitops: { values: [".", "check", "client", "deployment", "output", "verify"] },
  demo: { values: [".", "client", "deployment", "edge-certificate", "output", "start", "store"] },
  commands: {
    values: [
      ".",
      "check",
      "client",
      "demo",
      "deployment",
      "distrust",
      "edge",
      "edge-certificate",
      "gitops",
      "output",
      "start",
      "status",
      "store",
      "verify",
    ],
  },
};

export const folderImports: Readonly<Record<string, Readonly<Record<string, FolderImports>>>> = {
  core,
  "control-plane": controlPlane,
  edge,
  agent,
  cli,
};
