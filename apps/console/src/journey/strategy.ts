/** In what order the nodes of a network are told. */
export type Strategy = "ALL_AT_ONCE" | "ONE_NODE_FIRST";
