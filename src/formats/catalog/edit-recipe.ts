import { isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Recipe } from '../../core/catalog/catalog.ts';
import { Failure } from '../../core/failure.ts';
import { invariant } from '../../core/invariant.ts';
import { problemAt } from './problem.ts';
import { readRecipe } from './recipe-file.ts';
import { applyEdits, type Edit, lineAfter } from './text-edit.ts';
import { keyNodeAt, nodeAt, readYaml, type YamlFile } from './yaml-file.ts';

/**
 * Edits of a recipe's text. Only the values that change are rewritten: comments, order, quotes and blank lines stay
 * byte for byte. All throw `Failure` E0101 when the text is not a recipe or cannot be edited safely.
 */

/** Sets version and epoch, and what its source must be: the commit that the tag points to, the SHA-256 of the archive. */
export function raiseRecipe(
  text: string,
  to: { readonly version: string; readonly epoch: number; readonly expected?: string },
): string {
  const before = open(text);
  const edits = [
    scalarEdit(before.yaml, ['package', 'version'], to.version),
    scalarEdit(before.yaml, ['package', 'epoch'], String(to.epoch)),
    ...expectedEdits(before, to),
  ];
  let raised = applyEdits(text, edits);
  if (open(raised).recipe.version !== to.version) throw notAVersion(before.yaml, to.version);
  raised = followTag(before.recipe, raised, to.version);

  const after = open(raised).recipe;
  invariant(
    after.version === to.version && after.epoch === to.epoch,
    'a raised recipe says the version it was raised to',
  );
  const pin = pinOf(after.source);
  invariant(pin === undefined || to.expected === undefined || pin.value === to.expected, 'a raised recipe is pinned');
  return raised;
}

/** The same version once more: a rebuild. */
export function bumpEpoch(text: string): string {
  const { yaml, recipe } = open(text);
  return applyEdits(text, [scalarEdit(yaml, ['package', 'epoch'], String(recipe.epoch + 1))]);
}

interface Opened {
  readonly yaml: YamlFile;
  readonly recipe: Recipe;
}

function open(text: string): Opened {
  const yaml = readYaml('recipes/recipe.yaml', text);
  if (yaml instanceof Failure) throw yaml;
  const read = readRecipe(yaml);
  if (read.kind === 'recipe') return { yaml, recipe: read.recipe };
  throw read.problems[0] ?? new Failure('E0101', 'this is not a recipe');
}

function scalarEdit(yaml: YamlFile, path: readonly PropertyKey[], value: string): Edit {
  const node = scalarAt(yaml, path);
  const [start, end] = node.range ?? [0, 0];
  return { start, end, text: written(node, value) };
}

/** A value that stands on one line of its own; an alias or a folded block is somebody's intention that we cannot keep. */
function scalarAt(yaml: YamlFile, path: readonly PropertyKey[]): Scalar {
  const node = nodeAt(yaml, path);
  if (isScalar(node) && (node.type === 'PLAIN' || node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE'))
    return node;
  throw problemAt(yaml, path, {
    code: 'E0101',
    what: `\`${path.map(String).join('.')}\` cannot be edited: it is not plain or quoted text`,
    hint: 'Write its value out on one line.',
  });
}

/** In the style in which it was written; a plain text that would read as a number is quoted. */
function written(node: Scalar, value: string): string {
  if (node.type === 'QUOTE_SINGLE') return `'${value}'`;
  if (node.type === 'QUOTE_DOUBLE') return `"${value}"`;
  return typeof node.value === 'string' ? plainText(value) : value;
}

function plainText(value: string): string {
  return Number.isNaN(Number(value)) ? value : `"${value}"`;
}

function expectedEdits(
  { yaml, recipe }: Opened,
  to: { readonly expected?: string; readonly version: string },
): readonly Edit[] {
  const pin = pinOf(recipe.source);
  if (pin === undefined) return [];
  const step = sourceStep(yaml, pin);
  const { expected } = to;
  if (expected === undefined) {
    if (pin.value === null || to.version === recipe.version) return [];
    throw problemAt(yaml, [...step, 'with', pin.key], {
      code: 'E0101',
      what: `this recipe pins ${pin.words}, and that of the new version is not known`,
    });
  }
  if (pin.value !== null) return [scalarEdit(yaml, [...step, 'with', pin.key], expected)];
  return [pairAfter(yaml, [...step, 'with'], { key: pin.after, pair: `${pin.key}: ${plainText(expected)}` })];
}

/** How a source is held to what it was when it was chosen. */
interface Pin {
  readonly uses: string;
  readonly key: string;
  readonly words: string;
  /** The setting that a new pin is written behind. */
  readonly after: string;
  readonly value: string | null;
}

function pinOf(source: Recipe['source']): Pin | undefined {
  switch (source.kind) {
    case 'git':
      return {
        uses: 'git-checkout',
        key: 'expected-commit',
        words: 'a commit',
        after: 'tag',
        value: source.expectedCommit,
      };
    case 'debian':
      return {
        uses: 'fetch',
        key: 'expected-sha256',
        words: 'an archive',
        after: 'uri',
        value: source.expectedSha256,
      };
    case 'none':
      return undefined;
  }
}

function sourceStep(yaml: YamlFile, { uses }: Pick<Pin, 'uses'>): readonly PropertyKey[] {
  const pipeline = nodeAt(yaml, ['pipeline']);
  const index = isSeq(pipeline) ? pipeline.items.findIndex((item) => isMap(item) && item.get('uses') === uses) : -1;
  invariant(index >= 0, 'a recipe with a source has the step that fetches it');
  return ['pipeline', index];
}

function pairAfter(
  yaml: YamlFile,
  map: readonly PropertyKey[],
  { key, pair }: { readonly key: string; readonly pair: string },
): Edit {
  const settings = nodeAt(yaml, map);
  const end = scalarAt(yaml, [...map, key]).range?.[1] ?? 0;
  if (isMap(settings) && settings.flow === true) return { start: end, end, text: `, ${pair}` };
  return lineAfter(yaml.text, end, [`${indentOf(yaml, settings)}${pair}`]);
}

/** A tag that spells the version out instead of naming it follows the version; one that does not hold it is refused. */
function followTag(before: Recipe, raised: string, version: string): string {
  const { yaml, recipe } = open(raised);
  if (before.source.kind !== 'git' || recipe.source.kind !== 'git' || before.version === version) return raised;
  if (before.source.tag !== recipe.source.tag) return raised;
  const path = [...sourceStep(yaml, { uses: 'git-checkout' }), 'with', 'tag'];
  if (!before.source.tag.includes(before.version)) {
    throw problemAt(yaml, path, {
      code: 'E0101',
      what: `the tag does not follow the version: raising ${before.version} to ${version} would build the old sources`,
      hint: 'Write `tag: v${{package.version}}`.',
    });
  }
  return applyEdits(raised, [scalarEdit(yaml, path, before.source.tag.replace(before.version, version))]);
}

function notAVersion(yaml: YamlFile, version: string): Failure {
  return problemAt(yaml, ['package', 'version'], { code: 'E0101', what: `${version} cannot be written as a version` });
}

/** The blanks before the first key of a block map, or the first dash of a block list. */
function indentOf(yaml: YamlFile, node: Node | undefined): string {
  const start = node?.range?.[0] ?? 0;
  return ' '.repeat(yaml.lines.linePos(start).col - 1);
}

/** Adds a patch to `suture.patches`, last in order. A patch that is there already with these fixes changes nothing. */
export function addPatch(text: string, patch: { readonly file: string; readonly fixes: readonly string[] }): string {
  const { yaml, recipe } = open(text);
  const there = recipe.patches.find(({ file }) => file === patch.file);
  if (there !== undefined) {
    if (patch.fixes.every((id) => there.fixes.includes(id))) return text;
    throw problemAt(yaml, ['suture', 'patches'], {
      code: 'E0101',
      what: `${patch.file} is listed already, with other fixes`,
    });
  }
  const edited = applyEdits(text, [patchEdit(yaml, patch)]);
  const added = open(edited).recipe.patches.at(-1);
  invariant(added?.file === patch.file, 'a patch that was added is the last one');
  return edited;
}

function patchEdit(
  yaml: YamlFile,
  { file, fixes }: { readonly file: string; readonly fixes: readonly string[] },
): Edit {
  const name = /^[\w./+-]+$/.test(file) ? file : JSON.stringify(file);
  const inFlow = `{ file: ${name}, fixes: [${fixes.join(', ')}] }`;
  const inBlock = (indent: string) => [`${indent}- file: ${name}`, `${indent}  fixes: [${fixes.join(', ')}]`];
  const list = nodeAt(yaml, ['suture', 'patches']);
  const block = nodeAt(yaml, ['suture']);
  if (isSeq(list)) {
    if (list.flow === true) return beforeClosing(yaml, list, inFlow);
    return lineAfter(yaml.text, endOf(list), inBlock(indentOf(yaml, list)));
  }
  invariant(isMap(block), 'a recipe has a suture block');
  if (block.flow === true) return beforeClosing(yaml, block, `patches: [${inFlow}]`);
  const indent = indentOf(yaml, block);
  return lineAfter(yaml.text, endOf(block), [`${indent}patches:`, ...inBlock(`${indent}  `)]);
}

/** One more entry before the bracket that closes a list or map written in one line. */
function beforeClosing(yaml: YamlFile, node: Node & { readonly items: readonly unknown[] }, entry: string): Edit {
  const bracket = (node.range?.[1] ?? 1) - 1;
  const inside = yaml.text.slice(node.range?.[0] ?? 0, bracket).trimEnd();
  const at = (node.range?.[0] ?? 0) + inside.length;
  const comma = node.items.length === 0 || inside.endsWith(',') ? '' : ',';
  const opening = node.items.length === 0 ? '' : ' ';
  return { start: at, end: at, text: `${comma}${opening}${entry}` };
}

/** Where the last value of a node ends, comments behind it not counted. */
function endOf(node: Node): number {
  if (isMap(node) && node.flow !== true) {
    const last = (node as YAMLMap<Node, Node | null>).items.at(-1);
    const value = last?.value ?? last?.key;
    if (value !== undefined) return endOf(value);
  }
  if (isSeq(node) && node.flow !== true) {
    const last = node.items.at(-1);
    if (last !== undefined) return endOf(last as Node);
  }
  return node.range?.[1] ?? 0;
}

/** Takes a patch out again, once upstream ships the fix. Comments above it stay for a person to judge. */
export function dropPatch(text: string, file: string): string {
  const { yaml, recipe } = open(text);
  const list = nodeAt(yaml, ['suture', 'patches']);
  const index = isSeq(list) ? list.items.findIndex((item) => isMap(item) && item.get('file') === file) : -1;
  const item = isSeq(list) ? (list.items[index] as Node | undefined) : undefined;
  if (!isSeq(list) || item === undefined || recipe.patches.filter((patch) => patch.file === file).length !== 1) {
    throw problemAt(yaml, ['suture', 'patches'], { code: 'E0101', what: `${file} is not listed here` });
  }
  const edited = applyEdits(text, [dropEdit(yaml, list, index)]);
  if (open(edited).recipe.patches.some((patch) => patch.file === file)) {
    throw problemAt(yaml, ['pipeline'], {
      code: 'E0101',
      what: `${file} is applied by a \`uses: patch\` step as well`,
    });
  }
  return edited;
}

function dropEdit(yaml: YamlFile, list: YAMLSeq, index: number): Edit {
  const item = list.items[index] as Node;
  const key = keyNodeAt(yaml, ['suture', 'patches']);
  if (list.items.length === 1) {
    // A list written in one line may share it with other keys; an empty list says the same.
    if (list.flow === true || key === undefined) return { start: startOf(list), end: endOf(list), text: '[]' };
    return wholeLines(yaml.text, startOf(key), endOf(list));
  }
  if (list.flow !== true) return wholeLines(yaml.text, startOf(item), endOf(item));
  const [before, after] = [list.items[index - 1] as Node | undefined, list.items[index + 1] as Node | undefined];
  if (after !== undefined) return { start: startOf(item), end: startOf(after), text: '' };
  return { start: before === undefined ? startOf(item) : endOf(before), end: endOf(item), text: '' };
}

function wholeLines(text: string, start: number, end: number): Edit {
  const newline = text.indexOf('\n', end - 1);
  return { start: text.lastIndexOf('\n', start) + 1, end: newline === -1 ? text.length : newline + 1, text: '' };
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}
