import * as contract from "@tcm/api-contract";
import { z } from "zod";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Requests are described as they are sent, with defaults left out; answers as they come. */
type Direction = "input" | "output";

/** Named by what the contract exports; the rest stands where it is used. */
const names: ReadonlyMap<z.ZodType, string> = new Map(
  Object.entries(contract).flatMap(([name, value]) => (value instanceof z.ZodObject ? [[value, pascal(name)]] : [])),
);

function pascal(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

export function componentName(schema: z.ZodType): string | undefined {
  return names.get(schema);
}

/** JSON Schema 2020-12, which OpenAPI 3.1 takes as it is. */
export function jsonSchema(schema: z.ZodType, io: Direction): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}

/** The schemas that are used, and all that they consist of, by name. */
export function componentSchemas(
  used: Iterable<readonly [z.ZodType, Direction]>,
): Readonly<Record<string, JsonSchema>> {
  const schemas: Record<string, JsonSchema> = {};
  for (const direction of ["input", "output"] as const) {
    const registry = z.registry<{ id: string }>();
    for (const [schema, io] of used) {
      const id = names.get(schema);
      if (io === direction && id !== undefined && !registry.has(schema)) registry.add(schema, { id });
    }
    const options = { io: direction, unrepresentable: "any", uri: schemaReference } as const;
    for (const [name, { $schema: _, $id: __, ...rest }] of Object.entries(z.toJSONSchema(registry, options).schemas))
      schemas[name] = rest;
  }
  return schemas;
}

export function schemaReference(name: string): string {
  return `#/components/schemas/${name}`;
}
