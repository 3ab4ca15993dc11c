/**
 * Members of a JSON object that nobody vouches for, read by hand: a schema library takes longer to load than a whole scan
 * may take, and documents have half a million of such objects.
 */
export type Fields = Readonly<Record<string, unknown>>;

/** Says which member is other than it must be. */
export class UnfitField extends Error {}

const TEXT_CHARACTERS_MAX = 100_000;

export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new UnfitField(`${what} is no object`);
}

/** Undefined where it is not there; null is no text. */
export function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw new UnfitField(`${name} is no text`);
  if (value.length > TEXT_CHARACTERS_MAX)
    throw new UnfitField(`${name} is longer than ${TEXT_CHARACTERS_MAX} characters`);
  return value;
}

export function requiredText(fields: Fields, name: string): string {
  const value = textIn(fields, name);
  if (value === undefined) throw new UnfitField(`${name} is missing`);
  return value;
}

export function listIn(fields: Fields, name: string): readonly unknown[] | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new UnfitField(`${name} is no list`);
  return value;
}

/** What the document says in passing: unfit, it counts as not said. */
export function inPassing<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnfitField) return undefined;
    throw error;
  }
}
