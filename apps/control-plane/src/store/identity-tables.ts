import type { Generated } from "kysely";
import type { RoleName, Timestamp } from "./column-types.ts";

export type UsersTable = {
  id: Generated<number>;
  name: string;
  role: RoleName;
  /** In the form of the PHC string format; null for those who sign in elsewhere. */
  password_hash: string | null;
  /** Issuer and subject, which alone tell who somebody is; null for those with a password. */
  oidc_subject: string | null;
  created_at: Timestamp;
  created_by: string;
  disabled_at: Timestamp | null;
  last_sign_in_at: Timestamp | null;
};

export type SessionsTable = {
  /** SHA-256 of what is in the cookie, lower-case hex. */
  token_hash: string;
  user_id: number;
  created_at: Timestamp;
  /** Written at most once a minute. */
  last_used_at: Timestamp;
  /** However much it is used. */
  expires_at: Timestamp;
};

/** At most one row: the link that makes the first admin. */
export type SignInLinksTable = { token_hash: string; expires_at: Timestamp };

/** Refused sign-ins of an account or an address, within a window of time. */
export type SignInAttemptsTable = { source: string; count: number; ends_at: Timestamp };

export type ApiTokensTable = {
  id: Generated<number>;
  /** SHA-256 of the token, lower-case hex. */
  token_hash: string;
  /** First characters of the token, for people to tell tokens apart. */
  prefix: string;
  role: RoleName;
  created_at: Timestamp;
  created_by: string;
  last_used_at: Timestamp | null;
  revoked_at: Timestamp | null;
  name: string | null;
  /** null: never. */
  expires_at: Timestamp | null;
};

export type ApiClientsTable = {
  id: Generated<number>;
  name: string;
  client_token: string;
  access_token: string;
  /** AES-256-GCM under the operator key: an HMAC is verified with the secret itself. */
  client_secret_sealed: string;
  role: RoleName;
  /** What its requests mean where they leave options out. */
  profile: "mets" | "console";
  created_at: Timestamp;
  created_by: string;
  last_used_at: Timestamp | null;
  revoked_at: Timestamp | null;
};

/** Each is taken once while its timestamp would be accepted. */
export type EdgegridNoncesTable = { client_id: number; nonce: string; expires_at: Timestamp };

/** Only ever appended to; each row's hash covers the hash of the one before. */
export type AuditRecordsTable = {
  /** 1, 2, 3 … without a gap. */
  number: number;
  at: Timestamp;
  by: string;
  action: string;
  /** JSON: what it was done to. */
  subject: string;
  /** `done`, or the problem that refused it. */
  outcome: string;
  request_id: string | null;
  previous_hash: string;
  hash: string;
};

export type AuditHeadsTable = { number: number; hash: string; signed_at: Timestamp; signature: string };
