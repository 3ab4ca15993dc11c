import { z } from 'zod';
import { exceptionsSchema } from './exceptions-schema.ts';
import { lineSchema } from './line-schema.ts';
import { policySchema } from './policy-schema.ts';
import { recipeSchema } from './recipe-schema.ts';
import { isLooseText } from './schema-parts.ts';
import { sutureSchema } from './suture-schema.ts';

export const catalogFileKinds = ['suture', 'recipe', 'line', 'policy', 'exceptions'] as const;

export type CatalogFileKind = (typeof catalogFileKinds)[number];

/** A JSON Schema 2020-12, of the keywords that these files use. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

/** What an editor needs to complete and check one kind of file: the form that people write, before it is read. */
export function jsonSchema(kind: CatalogFileKind): JsonSchema {
  const schema = z.toJSONSchema(schemas[kind], {
    target: 'draft-2020-12',
    io: 'input',
    override: ({ zodSchema, jsonSchema: node }) => {
      // Numbers and true/false stand for their text, as written: `version: 1.10`.
      if (isLooseText(zodSchema)) node.type = ['string', 'number', 'boolean'] as unknown as 'string';
      // zod leaves examples out where a value is transformed; ours are examples of what is written.
      const examples = z.globalRegistry.get(zodSchema)?.['examples'];
      if (Array.isArray(examples)) node.examples = examples;
      // The widest integer says nothing to a person.
      if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
    },
  });
  return { ...(schema as JsonSchema), title: titles[kind] };
}

const schemas = {
  suture: sutureSchema,
  recipe: recipeSchema,
  line: lineSchema,
  policy: policySchema,
  exceptions: exceptionsSchema,
} as const;

const titles: Readonly<Record<CatalogFileKind, string>> = {
  suture: 'suture.yaml: where a catalog begins',
  recipe: 'recipes/*.yaml: how a package is built',
  line: 'lines/*.yaml: what an image holds and what is promised about it',
  policy: 'policy.yaml: the stated conditions of the promise',
  exceptions: 'exceptions.yaml: waivers and holds',
};

/** The files that `suture init` writes below the catalog, so that completion in editors works offline. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    catalogFileKinds.map((kind) => [`.suture/schema/${kind}.json`, `${JSON.stringify(jsonSchema(kind), null, 2)}\n`]),
  );
}
