import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { Failure } from '../core/failure.ts';
import { unusableRecord } from './unusable-record.ts';

/** The largest advisory in YAML is a tenth of it. */
const BYTES_MAX = 4 * 2 ** 20;
const DEPTH_MAX = 50;
const NODES_MAX = 1_000_000;

/**
 * The YAML in these bytes as maps, lists and texts: no number is read, for version 1.10 is not 1.1 and `no` is a word.
 * Throws Failure E0202 for what is no YAML, gives a key twice, refers to other places in it or is nested too deep; E0205
 * when it is too large.
 */
export function parseFeedYaml(bytes: Uint8Array, name: string): unknown {
  if (bytes.length > BYTES_MAX) {
    throw new Failure('E0205', `${name} is larger than ${BYTES_MAX} bytes`, { at: name, retryable: false });
  }
  const text = decoded(bytes, name);
  if (isNestedTooDeep(text)) throw unusableRecord(name, { why: 'maps and lists are nested too deep' });
  const document = parsed(text, name);
  const [error] = document.errors;
  if (error !== undefined) throw unusableRecord(name, { at: placeOf(text, error.pos[0], name), why: firstLine(error) });
  return plain(document.contents, { name, text, nodes: 0 }, 0);
}

function decoded(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unusableRecord(name, { why: 'it is not UTF-8 text' });
  }
}

/** Brackets and dashes of lists in lists, which the parser would follow by recursion; quoted ones count as well. */
function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  for (const [mark] of text.matchAll(/[[\]{}]/g)) {
    depth += mark === '[' || mark === '{' ? 1 : -1;
    if (depth > 500) return true;
    depth = Math.max(depth, 0);
  }
  return /^[ \t]*(?:[-?:][ \t]+){100}/m.test(text);
}

function parsed(text: string, name: string): ReturnType<typeof parseDocument> {
  try {
    return parseDocument(text, { schema: 'failsafe', uniqueKeys: false, prettyErrors: false });
  } catch (error) {
    throw unusableRecord(name, { why: error instanceof RangeError ? 'it is nested too deep' : firstLine(error) });
  }
}

interface Reading {
  readonly name: string;
  readonly text: string;
  nodes: number;
}

function plain(node: unknown, reading: Reading, depth: number): unknown {
  reading.nodes += 1;
  if (depth > DEPTH_MAX || reading.nodes > NODES_MAX) {
    throw unusableRecord(reading.name, { why: 'it holds too many values, or maps and lists are nested too deep' });
  }
  if (node === null) return '';
  if (isScalar(node)) return typeof node.value === 'string' ? node.value : '';
  if (isSeq(node)) return node.items.map((item) => plain(item, reading, depth + 1));
  if (!isMap(node)) throw unusableRecord(reading.name, { why: 'it refers to another place in itself (*name)' });
  const values = new Map<string, unknown>();
  for (const { key, value } of node.items) {
    const word = isScalar(key) && typeof key.value === 'string' ? key.value : '';
    if (values.has(word)) {
      const at = isScalar(key) ? placeOf(reading.text, key.range?.[0] ?? 0, reading.name) : reading.name;
      throw unusableRecord(reading.name, { at, why: `the key "${word.slice(0, 60)}" is given twice` });
    }
    values.set(word, plain(value, reading, depth + 1));
  }
  return Object.fromEntries(values);
}

function placeOf(text: string, offset: number, name: string): string {
  const before = text.slice(0, offset);
  return `${name}:${before.split('\n').length}:${offset - before.lastIndexOf('\n')}`;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
