import type { ExpressionBuilder, SqlBool, Expression } from "kysely";
import type { Database } from "../../store/schema.ts";

/** Rows of nodes that something may wait for: neither drained, nor shut out by a certificate that has run out unrenewed. */
export function isExpected(at: string) {
  return (eb: ExpressionBuilder<Database, "edge_nodes">): Expression<SqlBool> =>
    eb.and([
      eb("edge_nodes.drained_at", "is", null),
      eb.or([eb("edge_nodes.certificate_not_after", "is", null), eb("edge_nodes.certificate_not_after", ">=", at)]),
    ]);
}
