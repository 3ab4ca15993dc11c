/** The line counts from 1. */
export type TomlReading =
  | { readonly kind: 'table'; readonly table: TomlTable }
  | { readonly kind: 'problem'; readonly line: number; readonly why: string };

type TomlTable = { readonly [key: string]: TomlValue };
type TomlValue = string | number | boolean | readonly TomlValue[] | TomlTable;

const DEPTH_MAX = 20;

/**
 * The part of TOML 1.0 that advisories are written in: tables, dotted and quoted keys, strings on one line, lists over
 * several, inline tables, whole numbers and booleans. Dates, floats and strings over several lines are refused, as is a
 * key given twice.
 */
export function parseToml(text: string): TomlReading {
  const reader = new Reader(text);
  try {
    return { kind: 'table', table: readDocument(reader) };
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'problem', line: reader.line(), why: error.message };
    throw error;
  }
}

class Unreadable extends Error {}

class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  line(): number {
    return this.text.slice(0, this.at).split('\n').length;
  }

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  expect(pattern: RegExp, what: string): string {
    const found = this.take(pattern);
    if (found === undefined) throw new Unreadable(`expected ${what}`);
    return found;
  }

  isAtEnd(): boolean {
    return this.at >= this.text.length;
  }
}

const BLANKS = /[ \t]*/y;
const BLANK_LINES = /(?:[ \t\r\n]|#[^\n]*)*/y;
const LINE_END = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
const BARE_KEY = /[A-Za-z0-9_-]+/y;
const BASIC = /"(?:[^"\\\p{Cc}]|\t|\\(?:[btnfr"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}))*"(?!")/uy;
const LITERAL = /'[^'\n]*'(?!')/y;
const WORD = /true|false|[+-]?(?:0|[1-9][0-9]{0,14})(?![0-9A-Za-z_.:+-])/y;

type Building = Map<string, TomlValue | Building>;

function readDocument(reader: Reader): TomlTable {
  const root: Building = new Map();
  let table = root;
  const headers = new Set<string>();
  for (reader.take(BLANK_LINES); !reader.isAtEnd(); reader.take(BLANK_LINES)) {
    if (reader.take(/\[/y) === undefined) {
      readPair(reader, table, 0);
    } else {
      const path = readKey(reader);
      reader.expect(/\]/y, 'a ] behind the name of a table');
      const header = JSON.stringify(path);
      if (headers.has(header)) throw new Unreadable(`the table ${header} is given twice`);
      headers.add(header);
      table = tableAt(root, path);
    }
    reader.expect(LINE_END, 'the end of the line');
  }
  return frozen(root);
}

function readPair(reader: Reader, table: Building, depth: number): void {
  const path = readKey(reader);
  reader.expect(/=/y, 'a =');
  const key = path.at(-1) ?? '';
  const parent = tableAt(table, path.slice(0, -1));
  if (parent.has(key)) throw new Unreadable(`the key "${key}" is given twice`);
  reader.take(BLANKS);
  parent.set(key, readValue(reader, depth));
}

function readKey(reader: Reader): readonly string[] {
  const path: string[] = [];
  do {
    reader.take(BLANKS);
    path.push(reader.take(BARE_KEY) ?? readString(reader) ?? '');
    if (path.at(-1) === '') throw new Unreadable('expected a key');
    reader.take(BLANKS);
  } while (reader.take(/\./y) !== undefined);
  if (path.length > DEPTH_MAX) throw new Unreadable('keys are nested too deep');
  return path;
}

function tableAt(table: Building, path: readonly string[]): Building {
  let found = table;
  for (const key of path) {
    const next = found.get(key) ?? new Map<string, TomlValue>();
    if (!(next instanceof Map)) throw new Unreadable(`"${key}" is no table`);
    found.set(key, next);
    found = next;
  }
  return found;
}

function readValue(reader: Reader, depth: number): TomlValue {
  if (depth > DEPTH_MAX) throw new Unreadable('lists and tables are nested too deep');
  const text = readString(reader);
  if (text !== undefined) return text;
  if (reader.take(/\[/y) !== undefined) return readList(reader, depth);
  if (reader.take(/\{/y) !== undefined) return readInlineTable(reader, depth);
  const word = reader.expect(WORD, 'a text, a list, a table, a whole number or true or false');
  return word === 'true' || word === 'false' ? word === 'true' : Number(word);
}

function readString(reader: Reader): string | undefined {
  const basic = reader.take(BASIC);
  if (basic !== undefined) return unescaped(basic.slice(1, -1));
  return reader.take(LITERAL)?.slice(1, -1);
}

function unescaped(text: string): string {
  return text.replace(/\\(?:U([0-9a-fA-F]{8})|u([0-9a-fA-F]{4})|(.))/g, (_, long, short, mark: string) => {
    const code = Number.parseInt(String(long ?? short), 16);
    if (mark !== undefined) return ESCAPES[mark] ?? mark;
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) throw new Unreadable('an escape is no character');
    return String.fromCodePoint(code);
  });
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r' };

function readList(reader: Reader, depth: number): readonly TomlValue[] {
  const values: TomlValue[] = [];
  for (;;) {
    reader.take(BLANK_LINES);
    if (reader.take(/\]/y) !== undefined) return values;
    values.push(readValue(reader, depth + 1));
    reader.take(BLANK_LINES);
    if (reader.take(/,/y) === undefined) {
      reader.expect(/\]/y, 'a comma or a ]');
      return values;
    }
  }
}

function readInlineTable(reader: Reader, depth: number): TomlTable {
  const table: Building = new Map();
  reader.take(BLANKS);
  if (reader.take(/\}/y) !== undefined) return frozen(table);
  do {
    readPair(reader, table, depth + 1);
    reader.take(BLANKS);
  } while (reader.take(/,/y) !== undefined);
  reader.expect(/\}/y, 'a comma or a }');
  return frozen(table);
}

function frozen(table: Building): TomlTable {
  return Object.fromEntries([...table].map(([key, value]) => [key, value instanceof Map ? frozen(value) : value]));
}
