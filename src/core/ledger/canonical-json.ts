/**
 * The one text of a JSON value, after RFC 8785 (JSON Canonicalization Scheme): members sorted by UTF-16 code units, no
 * white space, numbers and strings as ECMAScript writes them. Members that are undefined are left out.
 *
 * Throws a TypeError for what JSON cannot hold: NaN, infinities, lone surrogates, bigint, functions, and objects that
 * are not plain (an instant, say, must be text before it comes here).
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return textOf(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`JSON cannot hold the number ${value}`);
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? arrayOf(value) : objectOf(value);
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      throw new TypeError(`JSON cannot hold a value of type ${typeof value}`);
  }
}

/** RFC 8785 section 3.2.2.2 refuses lone surrogates: they have no UTF-8 bytes, so no hash. */
function textOf(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('JSON cannot hold a lone surrogate');
  return JSON.stringify(text);
}

function arrayOf(values: readonly unknown[]): string {
  let text = '[';
  for (let i = 0; i < values.length; i += 1) text += (i === 0 ? '' : ',') + canonicalJson(values[i]);
  return `${text}]`;
}

function objectOf(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError('JSON cannot hold an object of a class');
  let text = '{';
  // The default order of sort() is by UTF-16 code units, which is what section 3.2.3 asks for.
  for (const [name, member] of Object.entries(value).sort(byName)) {
    if (member === undefined) continue;
    text += `${text.length === 1 ? '' : ','}${textOf(name)}:${canonicalJson(member)}`;
  }
  return `${text}}`;
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
