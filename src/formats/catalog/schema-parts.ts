import { z } from 'zod';

/** Keys that the owner of the dialect knows and that are not read yet: they get a sentence of their own. */
const laterKeys = z.registry<{
  readonly keys: readonly string[];
  readonly instead: Readonly<Record<string, string>>;
}>();

/** A map in which every key is known; `later` lists keys of the dialect that are not supported yet. */
export function object<S extends z.ZodRawShape>(
  shape: S,
  later: readonly string[] = [],
  instead: Readonly<Record<string, string>> = {},
): z.ZodObject<S, z.core.$strict> {
  const schema = z.strictObject(shape);
  laterKeys.add(schema, { keys: later, instead });
  return schema;
}

/** The keys that a map of this schema may have, and the ones that are not supported yet. */
export function keysOf(schema: z.core.$ZodType): {
  readonly known: readonly string[];
  readonly later: readonly string[];
  readonly instead: Readonly<Record<string, string>>;
} {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const later = laterKeys.get(schema);
  return { known, later: later?.keys ?? [], instead: later?.instead ?? {} };
}

/** Follows a path of keys and indexes through a schema, through defaults and transforms; undefined when it leaves it. */
export function schemaAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  const bare = unwrapped(schema);
  const [key, ...rest] = path;
  if (key === undefined) return bare;
  if (bare instanceof z.ZodObject) {
    const inner = Object.hasOwn(bare.shape, key)
      ? (bare.shape as Record<PropertyKey, z.core.$ZodType>)[key]
      : undefined;
    return inner === undefined ? undefined : schemaAt(inner, rest);
  }
  if (bare instanceof z.ZodArray) return schemaAt(bare.element, rest);
  if (bare instanceof z.ZodRecord) return schemaAt(bare.valueType, rest);
  return undefined;
}

/** The schema under optional, default and transform wrappers. */
export function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrapped(schema.unwrap());
  }
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in);
  return schema;
}

const looseTexts = z.registry<{ readonly loose: true }>();

/** Text that people write without quotes even when it looks like a number: `version: 1.10` means "1.10". */
export function looseText(): z.ZodString {
  const schema = z.string();
  looseTexts.add(schema, { loose: true });
  return schema;
}

export function isLooseText(schema: z.core.$ZodType): boolean {
  return looseTexts.get(schema) !== undefined;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A length of time such as `48h`, read as seconds: 14d = 1,209,600 s, whatever a calendar says (promise rule 11). */
export function duration() {
  return z
    .string()
    .regex(/^[1-9]\d{0,6}[smhd]$/, {
      error: 'is not a length of time: write a number and a unit, such as 30m, 48h or 14d',
    })
    .transform((text) => Number(text.slice(0, -1)) * (UNIT_SECONDS[text.slice(-1)] ?? 1));
}

/** An architecture by either of its names: x86_64 = amd64, aarch64 = arm64. */
export const architectureName = z.enum(['x86_64', 'aarch64', 'amd64', 'arm64', 'all']);

export function architecturesFrom(names: readonly z.infer<typeof architectureName>[]): readonly ('amd64' | 'arm64')[] {
  const all = names.includes('all');
  const amd64 = all || names.includes('x86_64') || names.includes('amd64');
  const arm64 = all || names.includes('aarch64') || names.includes('arm64');
  return [...(amd64 ? ['amd64' as const] : []), ...(arm64 ? ['arm64' as const] : [])];
}

const SUITE = /^debian:([a-z][a-z0-9-]{0,63})$/;

/** Suites of Debian as package sources: `debian:bookworm`. Which mirror serves them is for the user's apt to say. */
export function debianSuites(description: string) {
  return z
    .array(
      z
        .string()
        .regex(SUITE, { error: 'is not a suite of Debian such as debian:bookworm' })
        .transform((text) => text.slice('debian:'.length)),
    )
    .max(20)
    .prefault([])
    .meta({ description, examples: [['debian:bookworm', 'debian:bookworm-security']] });
}
