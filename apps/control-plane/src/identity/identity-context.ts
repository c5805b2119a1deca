import type { OperatorKey } from "../keys/operator-key.ts";
import type { OperationContext } from "../operations/context.ts";
import type { OidcOptions } from "./oidc-options.ts";

/** What identity works with beyond the rest. */
export type IdentityContext = Pick<OperationContext, "store" | "clock"> & {
  readonly operatorKey: OperatorKey;
  /** Where clients reach the API: scheme, host and port, without a slash at the end. */
  readonly publicUrl: () => string;
  /** How far the timestamp of a signature may be from now, either way. */
  readonly edgegridWindowMs: number;
  readonly oidc: OidcOptions | undefined;
};
