import { isScalar } from 'yaml';
import { z } from 'zod';
import type { Failure } from '../../core/failure.ts';
import { didYouMean } from './did-you-mean.ts';
import { inFlow } from './in-flow.ts';
import { problemAt } from './problem.ts';
import { keysOf, schemaAt } from './schema-parts.ts';
import { nodeAt, type YamlFile } from './yaml-file.ts';

const PROBLEMS_MAX = 50;

export type Shaped<T> =
  | { readonly kind: 'shaped'; readonly value: T }
  | { readonly kind: 'problems'; readonly problems: readonly Failure[] };

/** Holds a file against its schema. Every problem is told at its place, at most 50 of one file. */
export function checkShape<S extends z.ZodType>(yaml: YamlFile, schema: S): Shaped<z.output<S>> {
  if (yaml.value === null || yaml.value === undefined) {
    return { kind: 'problems', problems: [problemAt(yaml, [], { code: 'E0101', what: `${yaml.file} is empty` })] };
  }
  const first = schema.safeParse(yaml.value);
  if (first.success) return { kind: 'shaped', value: first.data };
  const second = schema.safeParse(withTextAsWritten(yaml, first.error.issues));
  if (second.success) return { kind: 'shaped', value: second.data };
  const misspelt = misspeltKeys(schema, second.error.issues);
  const issues = second.error.issues.filter((issue) => !misspelt.has(addressOf(issue.path)));
  const problems = issues.flatMap((issue) => problemsOf(yaml, schema, issue));
  return { kind: 'problems', problems: problems.slice(0, PROBLEMS_MAX) };
}

/** Keys that are there under a misspelt name: that they are missing need not be said as well. */
function misspeltKeys(schema: z.ZodType, issues: readonly z.core.$ZodIssue[]): ReadonlySet<string> {
  return new Set(
    issues.flatMap((issue) => {
      const place = schemaAt(schema, issue.path);
      if (issue.code !== 'unrecognized_keys' || place === undefined) return [];
      const { known, later } = keysOf(place);
      return issue.keys.flatMap((key) => {
        const near = later.includes(key) ? undefined : didYouMean(key, known);
        return near === undefined ? [] : [addressOf([...issue.path, near])];
      });
    }),
  );
}

function addressOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}

/**
 * Where text is wanted and a bare number or true/false stands, the text is what was written: `version: 1.10` is "1.10",
 * not 1.1. The owners of the dialects read it so as well (Go yaml.v3 decodes any plain scalar into a string).
 */
function withTextAsWritten(yaml: YamlFile, issues: readonly z.core.$ZodIssue[]): unknown {
  const value = structuredClone(yaml.value);
  for (const issue of issues) {
    if (issue.code !== 'invalid_type' || issue.expected !== 'string') continue;
    const node = nodeAt(yaml, issue.path);
    if (isScalar(node) && node.source !== undefined && typeof node.value !== 'string' && node.value !== null) {
      put(value, issue.path, node.source);
    }
  }
  return value;
}

function put(root: unknown, path: readonly PropertyKey[], text: string): void {
  let holder = root;
  for (const key of path.slice(0, -1)) holder = member(holder, key);
  const last = path.at(-1);
  if (typeof holder === 'object' && holder !== null && last !== undefined) Reflect.set(holder, last, text);
}

function member(holder: unknown, key: PropertyKey): unknown {
  return typeof holder === 'object' && holder !== null ? (Reflect.get(holder, key) as unknown) : undefined;
}

function problemsOf(yaml: YamlFile, schema: z.ZodType, issue: z.core.$ZodIssue): readonly Failure[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(yaml, schema, issue.path, key));
  const name = nameOf(issue.path);
  const found = issue.path.reduce(member, yaml.value);
  if (found === undefined && issue.path.length > 0) return [missing(yaml, schema, issue.path)];
  const what = found === null ? 'has no value' : sentenceOf(issue, found);
  const hint = found === null ? undefined : hintOf(issue, found);
  return [
    problemAt(yaml, issue.path, {
      code: 'E0101',
      what: `${name} ${what}`,
      hint,
      ...(found === null ? { on: 'key' } : {}),
    }),
  ];
}

function unknownKey(yaml: YamlFile, schema: z.ZodType, path: readonly PropertyKey[], key: string): Failure {
  const place = schemaAt(schema, path);
  const { known, later, instead } = place === undefined ? { known: [], later: [], instead: {} } : keysOf(place);
  const where = path.length === 0 ? '' : ` in ${nameOf(path)}`;
  if (later.includes(key)) {
    const why = Object.hasOwn(instead, key) ? instead[key] : undefined;
    const what = `\`${key}\`${where} is not supported yet`;
    return problemAt(yaml, [...path, key], { code: 'E0101', what, on: 'key', ...(why === undefined ? {} : { why }) });
  }
  const near = didYouMean(key, known);
  const hint = near === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean \`${near}\`?`;
  return problemAt(yaml, [...path, key], { code: 'E0101', what: `unknown key \`${key}\`${where}`, on: 'key', hint });
}

function missing(yaml: YamlFile, schema: z.ZodType, path: readonly PropertyKey[]): Failure {
  const example = exampleAt(schema, path);
  const where = path.length === 1 ? '' : ` in ${nameOf(path.slice(0, -1))}`;
  return problemAt(yaml, path, {
    code: 'E0101',
    what: `\`${String(path.at(-1))}\` is missing${where}`,
    hint: example === undefined ? undefined : `For example \`${String(path.at(-1))}: ${example}\`.`,
  });
}

function exampleAt(schema: z.ZodType, path: readonly PropertyKey[]): string | undefined {
  const parent = schemaAt(schema, path.slice(0, -1));
  const key = path.at(-1);
  if (!(parent instanceof z.ZodObject) || typeof key !== 'string') return undefined;
  const inner = (parent.shape as Record<string, z.ZodType | undefined>)[key];
  const example = inner?.meta()?.['examples'];
  return Array.isArray(example) ? inFlow(example[0]) : undefined;
}

function sentenceOf(issue: z.core.$ZodIssue, found: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kindNames[issue.expected] ?? issue.expected}, not ${kindOf(found)}`;
    case 'invalid_value':
      return issue.message.startsWith('Invalid') ? `must be ${oneOf(issue.values)}` : issue.message;
    case 'too_big':
      if (!issue.message.startsWith('Too big')) return issue.message;
      return issue.origin === 'string' || issue.origin === 'array'
        ? `is too long: at most ${issue.maximum}`
        : `is too large: at most ${issue.maximum}`;
    case 'too_small':
      if (!issue.message.startsWith('Too small')) return issue.message;
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'is empty'
        : `is too small: at least ${issue.minimum}`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'is not a name';
    case 'custom':
    case 'invalid_format':
    case 'invalid_element':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return issue.message;
  }
}

function hintOf(issue: z.core.$ZodIssue, found: unknown): string | undefined {
  if (issue.code === 'invalid_value' && typeof found === 'string') {
    const near = didYouMean(found, issue.values.map(String));
    return near === undefined ? undefined : `Did you mean \`${near}\`?`;
  }
  if (issue.code === 'custom' && typeof issue.params?.['hint'] === 'string') return issue.params['hint'];
  return undefined;
}

const kindNames: Readonly<Record<string, string | undefined>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

function kindOf(found: unknown): string {
  if (found === null) return 'nothing';
  if (Array.isArray(found)) return 'a list';
  if (typeof found === 'object') return 'a map';
  if (typeof found === 'string') return `the text "${found.slice(0, 60)}"`;
  return typeof found === 'number' ? `the number ${found}` : String(found === true);
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? `${String(values[0])}` : `one of ${values.map(String).join(', ')}`;
}

/** `pipeline[0].runs`, as a person would write it. */
function nameOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the file';
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return `\`${text.replace(/^\./, '')}\``;
}
