/** What a person needs once there are certificates: fetched in one piece, so that no step of it is missing without the others. */
export { ChainTree } from "../structure/chain-tree.tsx";
export { CertificatesTable } from "./certificates-table.tsx";
export { LaterStep } from "./later-step.tsx";
