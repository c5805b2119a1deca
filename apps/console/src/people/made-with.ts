import type { UserView } from "@tcm/api-contract";
import type { CredentialRow } from "./credential-rows.ts";

type Maker = { readonly by: string; readonly words: string; readonly isGood: boolean; readonly makesAs: string };

/**
 * What a credential made, and what that made in turn, as far as it is still good, in words: what a thief may have left behind. What made it is
 * followed through what is revoked already. Whoever asks is no thief, whoever made them. Join tokens are on the audit record alone. Pure.
 */
export function madeWith(
  of: CredentialRow,
  rows: readonly CredentialRow[],
  users: readonly UserView[],
  asker: string,
): readonly string[] {
  const all = [...rows.map(credentialMaker), ...users.filter(({ name }) => name !== asker).map(userMaker)];
  const found = new Set<Maker>();
  const makers = [credentialMaker(of).makesAs];
  for (const maker of makers)
    for (const one of all.filter(({ by }) => by === maker))
      if (!found.has(one)) {
        found.add(one);
        makers.push(one.makesAs);
      }
  return [...found].filter(({ isGood }) => isGood).map(({ words }) => words);
}

function credentialMaker({ kind, id, name, createdBy, state }: CredentialRow): Maker {
  const [words, makesAs] = kind === "token" ? [`token ${name}`, `token-${id}`] : [`API client ${name}`, `client-${id}`];
  return { by: createdBy, words, makesAs, isGood: state === "in force" };
}

function userMaker({ name, createdBy, disabled }: UserView): Maker {
  return { by: createdBy, words: `user ${name}`, makesAs: name, isGood: !disabled };
}
