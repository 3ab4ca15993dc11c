import { Failure } from '../../core/failure.ts';

/** Field name in lower case, and its value; lines that continue it are joined by `\n` without their leading blank. */
export type Stanza = ReadonlyMap<string, string>;

const TEXT_CHARACTERS_MAX = 64 * 2 ** 20;
const FIELDS_MAX = 1000;

/**
 * The stanzas of a control file (deb822(5), Policy 5.1), comment lines passed over. E0404 with `at:line` for a line that
 * is no field, a continuation without field and a doubled field; E0205 for a text or a stanza beyond all reason.
 */
export function parseStanzas(text: string, at: string): readonly Stanza[] {
  if (text.length > TEXT_CHARACTERS_MAX) {
    throw new Failure('E0205', `The control file ${at} has more than ${TEXT_CHARACTERS_MAX} characters`, { at });
  }
  const stanzas: Stanza[] = [];
  let current = new StanzaLines();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('#')) continue;
    // "Parsers may accept lines consisting solely of spaces and tabs as paragraph separators" (Policy 5.1); all do.
    if (line.trim() !== '') current.add(line, `${at}:${index + 1}`);
    else if (current.size > 0) {
      stanzas.push(current.stanza());
      current = new StanzaLines();
    }
  }
  if (current.size > 0) stanzas.push(current.stanza());
  return stanzas;
}

/** The stanza of a text that must hold exactly one. */
export function parseStanza(text: string, at: string): Stanza {
  const [stanza, ...others] = parseStanzas(text, at);
  if (stanza === undefined || others.length > 0) {
    throw new Failure('E0404', `The control file ${at} has ${stanza === undefined ? 'no' : 'more than one'} stanza`, {
      at,
    });
  }
  return stanza;
}

class StanzaLines {
  readonly #values = new Map<string, string[]>();
  #last: string[] | undefined;

  get size(): number {
    return this.#values.size;
  }

  add(line: string, where: string): void {
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (this.#last === undefined) throw damaged(where, 'continues a field, but there is none before it');
      this.#last.push(line.slice(1).trimEnd());
      return;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    // Printable ASCII but blank and colon, not beginning with "-" (Policy 5.1); "#" is a comment already.
    if (!/^[!-,.-9;-~][!-9;-~]*$/.test(name)) throw damaged(where, 'is not "Field: value"');
    if (this.#values.has(name)) throw damaged(where, `states the field ${name} for a second time`);
    if (this.size >= FIELDS_MAX) {
      throw new Failure('E0205', `A stanza has more than ${FIELDS_MAX} fields`, { at: where });
    }
    this.#last = [line.slice(colon + 1).trim()];
    this.#values.set(name, this.#last);
  }

  stanza(): Stanza {
    return new Map([...this.#values].map(([name, lines]) => [name, lines.join('\n')]));
  }
}

function damaged(where: string, what: string): Failure {
  return new Failure('E0404', `A control file is damaged: ${where} ${what}`, { at: where });
}
