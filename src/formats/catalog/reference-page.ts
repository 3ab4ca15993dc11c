import { type CatalogFileKind, type JsonSchema, jsonSchema } from './json-schemas.ts';
import { inFlow } from './in-flow.ts';

/** The reference page of one kind of catalog file, in Markdown: every key with meaning, form, default and example. */
export function referencePage(kind: CatalogFileKind): string {
  const schema = jsonSchema(kind);
  return [
    `# ${schema.title ?? kind}`,
    '',
    '<!-- Made from the schema by docs/reference/generate.ts; edit the schema instead. -->',
    '',
    ...introductions[kind],
    '',
    ...section(schema, '').flatMap((entry) => [...entry, '']),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

const introductions: Readonly<Record<CatalogFileKind, readonly string[]>> = {
  suture: ['One file at the top of a catalog. Commands look for it in the current folder and upward.'],
  recipe: [
    'One file for each maintained stream of a package, `recipes/NAME.yaml`. The dialect is that of melange, the part of it',
    'that is listed here; the block `suture` is our own. A key that melange knows and this page does not list is refused',
    'as "not supported yet".',
    '',
    'In texts, `${{name}}` stands for a value: `package.name`, `package.version`, `package.epoch`,',
    '`package.full-version`, `package.srcdir`, `context.name`, `targets.destdir` (what is put there becomes the package),',
    '`targets.contextdir`, `targets.outdir`, `build.arch`, `build.goarch`, `host.triplet.gnu`, `host.triplet.rust`, and',
    '`vars.NAME`. Any other name is an error.',
    '',
    'A pipeline begins with at most one `git-checkout` (`repository`, `tag`, `expected-commit`), then `patch` steps',
    '(`patches`: files below `recipes/NAME/`), then shell.',
  ],
  line: [
    'One file for each image line, `lines/NAME.yaml`: one floating public tag that is kept patched. The dialect is that of',
    'apko, the part of it that is listed here; the block `suture` is our own. A key that apko knows and this page does not',
    'list is refused as "not supported yet".',
  ],
  policy: [
    'One file beside `suture.yaml`. Without it, and for every key that it leaves out, the defaults below hold. Lengths of',
    'time are a number and `s`, `m`, `h` or `d`; a day is 24 hours.',
  ],
  exceptions: [
    'One file beside `suture.yaml`; without it nothing is waived. An entry is in force from the turn in which it is first',
    'seen, never before. Taking it out ends it; with a later `until` it is granted anew, without a gap. A day stands for',
    'its beginning in `granted` and for its end in `until`. From `granted` to `until` are at most 90 days.',
  ],
};

/** The table of a map's keys, then a section for each map below it. */
function section(schema: JsonSchema, path: string): readonly (readonly string[])[] {
  const entries = Object.entries(schema.properties ?? {});
  const rows = entries.map(([key, value]) => row(key, value, schema.required?.includes(key) ?? false));
  const heading = path === '' ? [] : [`## \`${path}\``, ''];
  const own = [...heading, '| key | form | default | meaning | example |', '|---|---|---|---|---|', ...rows];
  const below = entries.flatMap(([key, value]) => {
    const inner = path === '' ? key : `${path}.${key}`;
    if (value.properties !== undefined) return section(value, inner);
    if (value.items?.properties !== undefined) return section(value.items, `${inner}[]`);
    return [];
  });
  return [own, ...below];
}

function row(key: string, schema: JsonSchema, required: boolean): string {
  const standard = required ? '*required*' : schema.default === undefined ? 'none' : code(schema.default);
  const example = schema.examples?.[0];
  const cells = [
    `\`${key}\``,
    form(schema),
    standard,
    schema.description ?? '',
    example === undefined ? '' : code(example),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ')).join(' | ')} |`;
}

function form(schema: JsonSchema): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  if (schema.properties !== undefined || schema.$ref !== undefined) return 'map';
  if (schema.type === 'object') return 'map of texts';
  if (schema.type === 'array') return `list of ${plural[form(schema.items ?? {})] ?? form(schema.items ?? {})}`;
  if (schema.type === 'integer' || schema.type === 'number') return numberForm(schema);
  return schema.type === 'boolean' ? '`true` or `false`' : 'text';
}

const plural: Readonly<Record<string, string | undefined>> = { map: 'maps', text: 'texts' };

function numberForm({ type, minimum, maximum }: JsonSchema): string {
  const what = type === 'integer' ? 'whole number' : 'number';
  if (minimum !== undefined && maximum !== undefined) return `${what} ${minimum} to ${maximum}`;
  return minimum === undefined ? what : `${what} from ${minimum}`;
}

/** A value as it would stand in YAML, on one line. */
function code(value: unknown): string {
  return `\`${inFlow(value)}\``;
}
