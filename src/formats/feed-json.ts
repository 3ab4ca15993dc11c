import { Failure } from '../core/failure.ts';

/** The JSON in these bytes. Throws Failure E0202 that names the line and column where it stops being JSON. */
export function parseFeedJson(bytes: Uint8Array, name: string): unknown {
  const text = decodeUtf8(bytes, name);
  try {
    return JSON.parse(text);
  } catch (error) {
    const { line, column } = positionOf(text, syntaxErrorIn(text));
    const at = `${name}:${line}:${column}`;
    throw notJson(name, at, 'this is where it stops being JSON', error);
  }
}

function decodeUtf8(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw notJson(name, name, 'it is not UTF-8 text', error);
  }
}

function notJson(name: string, at: string, why: string, cause: unknown): Failure {
  return new Failure('E0202', `${name} is not JSON`, {
    at,
    why,
    kept: 'what was read from it before stays in force, and everything else is read',
    hint: 'report it to the publisher of the feed; the next look reads it again',
    retryable: true,
    cause,
  });
}

const BLANKS = /[ \t\r\n]*/y;
const MARK_OR_WORD = /[{}[\],:]|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * Offset of the first token that JSON does not allow where it stands (RFC 8259). The engine's own message names a place
 * for some errors only.
 */
function syntaxErrorIn(text: string): number {
  const open: string[] = [];
  let expected = 'value';
  let at = 0;
  for (;;) {
    at += matchAt(BLANKS, text, at) ?? 0;
    const isString = text[at] === '"';
    const length = isString ? stringLength(text, at) : matchAt(MARK_OR_WORD, text, at);
    if (length === undefined) return at;
    const next = afterToken(isString ? 'string' : (text[at] ?? ''), expected, open);
    if (next === undefined) return at;
    expected = next;
    at += length;
  }
}

function matchAt(sticky: RegExp, text: string, at: number): number | undefined {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0].length;
}

/** With both quotes; undefined when it holds a control character or a wrong escape, or does not end. */
function stringLength(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; ) {
    const character = text[at] ?? '';
    if (character === '"') return at + 1 - start;
    if (character < ' ') return undefined;
    const length = character === '\\' ? matchAt(ESCAPE, text, at) : 1;
    if (length === undefined) return undefined;
    at += length;
  }
  return undefined;
}

/** What may follow a token: `value`, `value]` (or the end of a list), `key`, `key}`, `:` or `after` a value. */
function afterToken(kind: string, expected: string, open: string[]): string | undefined {
  const container = open.at(-1);
  switch (kind) {
    case '{':
    case '[':
      if (!expected.startsWith('value')) return undefined;
      open.push(kind);
      return kind === '{' ? 'key}' : 'value]';
    case '}':
    case ']':
      if (container !== (kind === '}' ? '{' : '[') || !(expected === 'after' || expected.endsWith(kind)))
        return undefined;
      open.pop();
      return 'after';
    case ',':
      if (expected !== 'after' || container === undefined) return undefined;
      return container === '{' ? 'key' : 'value';
    case ':':
      return expected === ':' ? 'value' : undefined;
    case 'string':
      if (expected.startsWith('key')) return ':';
      return expected.startsWith('value') ? 'after' : undefined;
    default:
      return expected.startsWith('value') ? 'after' : undefined;
  }
}

function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
