import { userName } from "@tcm/api-contract";

export const userNameRule =
  "2 to 64 of A-Z a-z 0-9 _ . @ + - with a letter or digit first. It is shown on every record and stays.";

/** While nothing is typed nothing is wrong yet. Pure. */
export function isWrongUserName(name: string): boolean {
  return name !== "" && !userName.safeParse(name).success;
}
