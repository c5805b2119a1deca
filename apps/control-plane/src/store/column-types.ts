/** ISO 8601 in UTC with microseconds. */
export type Timestamp = string;
export type Flag = 0 | 1;
export type NetworkName = "STAGING" | "PRODUCTION";
export type RoleName = "viewer" | "editor" | "deployer" | "admin";
