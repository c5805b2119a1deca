import { type SettingName, settingOf } from "./settings.ts";

/** `//user:password@` of a URL. A password may hold `@` and `/` by mistake: what is hidden ends at the last `@`. */
const inUserinfo = /(\/\/[^:/@\s]*):\S*@/g;
/** `?password=…`, as PostgreSQL takes it, and its like. */
const inQuery = /([?&][a-z_]*(?:password|secret|token)=)[^&\s]*/gi;

/** A secret, or a URL that holds a password, whether it can be read or not. */
export function holdsSecret(name: SettingName, text: string): boolean {
  return shownText(name, text) !== text;
}

/** The value as it may be shown. Undefined: nothing of it. */
export function shownText(name: SettingName, text: string): string | undefined {
  if (settingOf(name).isSecret) return undefined;
  return text.replaceAll(inUserinfo, "$1:hidden@").replaceAll(inQuery, "$1hidden");
}
