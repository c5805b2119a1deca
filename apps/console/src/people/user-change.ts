import type { ChangeUserRequest, Role, UserView } from "@tcm/api-contract";

/** What an administrator may change of somebody. */
export type UserChange = "role" | "password" | "sessions" | "disable" | "enable";

type Words = { readonly item: string; readonly title: string; readonly action: string; readonly effect: string };

const ending = "Every session of theirs ends.";

/** What is offered for a person: no password for who has none here, and nothing twice. */
export function changesOf({ signIn, disabled }: UserView): readonly UserChange[] {
  if (disabled) return ["enable"];
  return ["role", ...(signIn === "password" ? (["password"] as const) : []), "sessions", "disable"];
}

export function changeWords(change: UserChange, { name }: Pick<UserView, "name">): Words {
  switch (change) {
    case "role":
      return {
        item: "Change role",
        title: `Change the role of ${name}`,
        action: "Change role",
        effect: `${ending} Tokens and API clients that they made and that may do more than the new role are revoked for good.`,
      };
    case "password":
      return {
        item: "Give a new password",
        title: `Give ${name} a new password`,
        action: "Give new password",
        effect: `${ending} They can change it in their settings.`,
      };
    case "sessions":
      return {
        item: "End sessions",
        title: `End the sessions of ${name}`,
        action: "End sessions",
        effect: "They are signed out everywhere, and can sign in again.",
      };
    case "disable":
      return {
        item: "Disable",
        title: `Disable ${name}?`,
        action: "Disable",
        effect: `${ending} They cannot sign in any more, and all tokens and API clients that they made are revoked for good.`,
      };
    case "enable":
      return {
        item: "Enable",
        title: `Enable ${name}`,
        action: "Enable",
        effect: "They can sign in again. Tokens and API clients that were revoked stay revoked.",
      };
  }
}

/** What is sent. Whatever changes, the sessions end: to end them alone, what is so already is said again. */
export function changeRequest(change: UserChange, role: Role, password: string): ChangeUserRequest {
  switch (change) {
    case "role":
      return { role };
    case "password":
      return { password };
    case "sessions":
      return { disabled: false };
    case "disable":
      return { disabled: true };
    case "enable":
      return { disabled: false };
  }
}
