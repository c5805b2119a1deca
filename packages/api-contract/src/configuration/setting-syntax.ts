import { z } from "zod";

/** A setting is text wherever it comes from; its schema makes the value of it. The message goes on after the setting's name. */
export type SettingSchema<T = unknown> = z.ZodType<T, string>;

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number): SettingSchema<number> {
  const message = `takes a whole number from ${least} to ${most}`;
  const isWithin = (text: string): boolean => /^\d{1,15}$/.test(text) && Number(text) >= least && Number(text) <= most;
  return z.string().refine(isWithin, message).transform(Number);
}

/** 0: any free port. */
export const port = wholeNumber(0, 65_535);

export function textWith(isFine: (text: string) => boolean, message: string): SettingSchema<string> {
  return z.string().refine((text) => text.length > 0 && text.length <= maxSettingLength && isFine(text), message);
}

export const file = textWith((text) => !text.includes("\0"), "takes the path of a file or a directory");

/** `true` or `false`. */
export const yesOrNo: SettingSchema<boolean> = z
  .string()
  .refine((text) => text === "true" || text === "false", "takes true or false")
  .transform((text) => text === "true");

/** What `parse` makes of the text; undefined from it: not readable. */
export function parsed<T>(parse: (text: string) => T | undefined, message: string): SettingSchema<T> {
  return z.string().transform((text, context) => {
    const value = text.length <= maxSettingLength ? parse(text) : undefined;
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
}

/** More than any list of roles or upstreams that a person wrote. */
const maxSettingLength = 16_384;
