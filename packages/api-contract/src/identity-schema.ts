import { z } from "zod";
import { roles } from "./role.ts";

const role = z.enum(roles);
const time = z.string();

/** Shown in every record, so that nobody is called as a token or an API client is. */
export const userName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_.@+-]{1,63}$/,
    "It has to be 2 to 64 of A-Z a-z 0-9 _ . @ + - and to begin with a letter or a digit.",
  )
  .refine(
    (name) => !/^(token|client)-\d+$|^system$/i.test(name),
    "It is the name of a token, of an API client or of the control plane itself.",
  );
/** Bounds the work of hashing; the rules of new passwords are narrower. */
const password = z.string().min(1).max(1_024);
/** What people tell credentials apart by. */
const label = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N} _.@()/+-]{0,63}$/u,
    "It has to be 1 to 64 letters, digits, spaces and _ . @ ( ) / + - and to begin with a letter or a digit.",
  );

export const signInRequest = z.strictObject({ name: z.string().min(1).max(64), password });
export const redeemSignInLinkRequest = z.strictObject({
  token: z.string().regex(/^[A-Za-z0-9_-]{43}$/, "It has to be the 43 characters of the link behind #first=."),
  name: userName,
  password,
});
export const changePasswordRequest = z.strictObject({ currentPassword: password, newPassword: password });

/** Who the caller is. `expiryDate` is null for API clients, and for tokens that stay valid. */
export const session = z.object({
  name: z.string(),
  role,
  kind: z.enum(["session", "token", "api-client"]),
  permissions: z.array(z.string()),
  expiryDate: time.nullable(),
});

/** What a page needs before anybody has signed in. */
export const signInOptions = z.object({ password: z.boolean(), oidc: z.boolean(), awaitsFirstAdmin: z.boolean() });

export const user = z.object({
  userId: z.int(),
  name: z.string(),
  role,
  signIn: z.enum(["password", "oidc"]),
  disabled: z.boolean(),
  createdDate: time,
  createdBy: z.string(),
  lastSignInDate: time.nullable(),
});
export const userList = z.object({ users: z.array(user) });
export const createUserRequest = z.strictObject({ name: userName, role, password });
export const changeUserRequest = z
  .strictObject({ role: role.optional(), disabled: z.boolean().optional(), password: password.optional() })
  .refine((change) => Object.values(change).some((value) => value !== undefined), { message: "Nothing to change." });

const apiToken = z.object({
  tokenId: z.int(),
  name: z.string().nullable(),
  /** Its first characters. */
  prefix: z.string(),
  role,
  createdDate: time,
  createdBy: z.string(),
  expiryDate: time.nullable(),
  lastUsedDate: time.nullable(),
  revokedDate: time.nullable(),
});
export const apiTokenList = z.object({ tokens: z.array(apiToken) });
export const createApiTokenRequest = z.strictObject({
  name: label,
  role,
  expiresInDays: z.int().min(1).max(3_650).optional(),
});
/** The only answer with the token itself. */
export const createdApiToken = apiToken.extend({ token: z.string() });

const profile = z.enum(["mets", "console"]);
export const apiClient = z.object({
  apiClientId: z.int(),
  name: z.string(),
  clientToken: z.string(),
  role,
  profile,
  createdDate: time,
  createdBy: z.string(),
  lastUsedDate: time.nullable(),
  revokedDate: time.nullable(),
});
export const apiClientList = z.object({ apiClients: z.array(apiClient) });
export const createApiClientRequest = z.strictObject({ name: label, role, profile: profile.default("mets") });
/** The only answer with the secret: as a section of an `.edgerc` file. */
export const createdApiClient = apiClient.extend({ edgerc: z.string() });

const auditRecord = z.object({
  number: z.int(),
  date: time,
  by: z.string(),
  action: z.string(),
  subject: z.record(z.string(), z.unknown()),
  outcome: z.string(),
  requestId: z.string().nullable(),
  hash: z.string(),
});
/** Newest first. `nextBefore` is the `before` of the next page, null on the last one. */
export const auditPage = z.object({ records: z.array(auditRecord), nextBefore: z.int().nullable() });

export type SignInRequest = z.infer<typeof signInRequest>;
export type RedeemSignInLinkRequest = z.infer<typeof redeemSignInLinkRequest>;
export type ChangePasswordRequest = z.infer<typeof changePasswordRequest>;
export type SessionView = z.infer<typeof session>;
export type SignInOptions = z.infer<typeof signInOptions>;
export type UserView = z.infer<typeof user>;
export type CreateUserRequest = z.infer<typeof createUserRequest>;
export type ChangeUserRequest = z.infer<typeof changeUserRequest>;
export type ApiTokenView = z.infer<typeof apiToken>;
export type CreateApiTokenRequest = z.infer<typeof createApiTokenRequest>;
export type CreatedApiToken = z.infer<typeof createdApiToken>;
export type ApiClientView = z.infer<typeof apiClient>;
export type ApiClientProfile = z.infer<typeof profile>;
export type CreateApiClientRequest = z.input<typeof createApiClientRequest>;
export type CreatedApiClient = z.infer<typeof createdApiClient>;
export type AuditRecordView = z.infer<typeof auditRecord>;
export type AuditPage = z.infer<typeof auditPage>;
