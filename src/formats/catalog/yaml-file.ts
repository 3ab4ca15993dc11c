import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
} from 'yaml';
import { Failure } from '../../core/failure.ts';
import { invariant } from '../../core/invariant.ts';
import { problemAtOffset } from './problem-at-offset.ts';

/** One parsed file of a catalog, with what is needed to point into its text. */
export interface YamlFile {
  /** Relative to the catalog's folder. */
  readonly file: string;
  readonly text: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  /** The content as plain values. */
  readonly value: unknown;
}

/**
 * The same file once more, when somebody asks. Trees of nodes are large and only problems need them, so what is kept of
 * a file that was read well is its text.
 */
export function reopener({ file, text }: YamlFile): () => YamlFile {
  return () => {
    const again = readYaml(file, text);
    invariant(!(again instanceof Failure), 'a text that was read once can be read again');
    return again;
  };
}

export const FILE_BYTES_MAX = 1 << 20;
const DEPTH_MAX = 64;
const ALIASES_MAX = 100;
const NODES_MAX = 200_000;

/** Parses one YAML 1.2 document; what is wrong with its syntax comes back as one problem, the first. */
export function readYaml(file: string, text: string): YamlFile | Failure {
  if (text.length > FILE_BYTES_MAX) {
    return new Failure('E0101', `${file} is larger than 1 MiB`, {
      at: `${file}:1:1`,
      hint: 'Split it into several files.',
    });
  }
  if (isNestedTooDeep(text)) return tooDeep(file);
  const lines = new LineCounter();
  // Keys are compared below: the parser's own comparison takes time quadratic in their number.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    strict: true,
    resolveKnownTags: false,
  });
  const source = { file, text, lines };
  const error = [...document.errors, ...document.warnings][0];
  if (error !== undefined) {
    return problemAtOffset(source, error.pos, 'E0101', `this is not valid YAML: ${syntaxWords(error)}`);
  }
  if (document.directives.yaml.version !== '1.2') {
    // Version 1.1 reads `no`, `1:30` and dates as something else than text.
    return problemAtOffset(source, [0, 0], 'E0101', 'only YAML 1.2 is read', 'Take the %YAML line out.');
  }
  const trouble = troubleIn(document);
  if (trouble !== undefined) return problemAtOffset(source, trouble.range, 'E0101', trouble.what, trouble.hint);
  return { ...source, document, value: document.toJS({ maxAliasCount: ALIASES_MAX }) as unknown };
}

function tooDeep(file: string): Failure {
  return new Failure('E0101', `maps and lists in ${file} are nested too deep`, { at: `${file}:1:1` });
}

/** The parser's sentence, without what it says to programmers. */
function syntaxWords({ code, message }: YAMLError): string {
  if (/call stack/.test(message)) return 'maps and lists are nested too deep';
  if (code === 'MULTIPLE_DOCS') return 'one file holds one document, and this line begins another';
  if (code === 'BAD_INDENT' && message.startsWith('Flow')) return 'a { or [ is opened above and not closed';
  const sentence = message.split('\n')[0] ?? message;
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** A look at the tokens of large files only: small ones cannot cost the parser much. */
function isNestedTooDeep(text: string): boolean {
  if (text.length < 1 << 16) return false;
  let depth = 0;
  let indicators = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    else if (token === '-' || token === '?') indicators += 1;
    else if (token.includes('\n')) indicators = 0;
    if (depth > DEPTH_MAX || indicators > DEPTH_MAX) return true;
  }
  return false;
}

interface Trouble {
  readonly range: readonly [number, number];
  readonly what: string;
  readonly hint?: string;
}

/** What the parser lets pass and a catalog does not: keys given twice, keys that are no text, floods of aliases. */
function troubleIn(document: Document.Parsed): Trouble | undefined {
  let nodes = 0;
  let aliases = 0;
  const open: { readonly node: unknown; readonly depth: number; readonly anchors: readonly Node[] }[] = [
    { node: document.contents, depth: 0, anchors: [] },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth, anchors } = next;
    nodes += 1;
    if (isAlias(node)) {
      aliases += 1;
      const target = node.resolve(document);
      if (target === undefined) return { range: rangeOf(node), what: `nothing is called &${node.source}` };
      if (aliases > ALIASES_MAX)
        return { range: rangeOf(node), what: 'aliases (*name) are used too often', hint: `At most ${ALIASES_MAX}.` };
      if (anchors.includes(target)) return { range: rangeOf(node), what: `*${node.source} contains itself` };
      open.push({ node: target, depth: depth + 1, anchors: [...anchors, target] });
    }
    if (depth > DEPTH_MAX) return { range: rangeOf(node), what: 'maps and lists are nested too deep' };
    if (nodes > NODES_MAX) return { range: rangeOf(node), what: 'there are too many values in this file' };
    if (isMap(node)) {
      const twice = badKey(node.items);
      if (twice !== undefined) return twice;
      for (const pair of node.items.toReversed()) open.push({ node: pair.value, depth: depth + 1, anchors });
    }
    if (isSeq(node)) {
      for (const item of node.items.toReversed()) open.push({ node: item, depth: depth + 1, anchors });
    }
  }
  return undefined;
}

function badKey(items: readonly Pair[]): Trouble | undefined {
  const seen = new Set<string>();
  for (const { key } of items) {
    if (!isScalar(key)) return { range: rangeOf(key), what: 'a key must be a single word or text' };
    const name = String(key.value);
    if (name === '__proto__') return { range: rangeOf(key), what: 'a key cannot be called __proto__' };
    if (name === '<<')
      return { range: rangeOf(key), what: 'merging maps (<<) is not supported', hint: 'Write the keys out.' };
    if (seen.has(name)) return { range: rangeOf(key), what: `\`${name}\` is given twice`, hint: 'Keep one of them.' };
    seen.add(name);
  }
  return undefined;
}

function rangeOf(node: unknown): readonly [number, number] {
  const range = (node as { range?: readonly [number, number, number] | null } | null)?.range;
  return range === null || range === undefined ? [0, 0] : [range[0], range[1]];
}

/** The node that a path of keys and indexes leads to, through aliases; undefined when there is none. */
export function nodeAt(yaml: YamlFile, path: readonly PropertyKey[]): Node | undefined {
  let node: unknown = yaml.document.contents;
  for (const key of path) {
    node = resolved(yaml, node);
    if (isMap(node)) node = pairAt(node.items, key)?.value;
    else if (isSeq(node)) node = node.items[Number(key)];
    else return undefined;
  }
  return (node as Node | null | undefined) ?? undefined;
}

/** The key itself, as written, of the map entry that a path leads to. */
export function keyNodeAt(yaml: YamlFile, path: readonly PropertyKey[]): Node | undefined {
  const parent = resolved(yaml, nodeAt(yaml, path.slice(0, -1)));
  const key = path.at(-1);
  if (!isMap(parent) || key === undefined) return undefined;
  return (pairAt(parent.items, key)?.key as Node | undefined) ?? undefined;
}

function resolved(yaml: YamlFile, node: unknown): unknown {
  return isAlias(node) ? node.resolve(yaml.document) : node;
}

function pairAt(items: readonly Pair[], key: PropertyKey): Pair | undefined {
  return items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
}
