/**
 * Version orders here are sort keys: ASCII strings whose byte order is the order of the versions. A key is built once
 * per version and then compared with `<`, so that every order is total and transitive by construction.
 */

/** A run of decimal digits: its length, then the digits without leading zeros. "0", "00" and "" are equal. */
export function numberKey(digits: string): string {
  let zeros = 0;
  while (digits.charCodeAt(zeros) === 0x30) zeros += 1;
  const significant = zeros === 0 ? digits : digits.slice(zeros);
  return lengthKey(significant.length) + significant;
}

/** Text that ends: "a" sorts before "ab" whatever follows. */
export function textKey(text: string): string {
  return `${asciiKey(text)}\x00`;
}

/** The same order in ASCII: what is beyond becomes four characters that begin with the highest one. */
export function asciiKey(text: string): string {
  return BEYOND.test(text) ? text.replace(EACH_BEYOND, escaped) : text;
}

const BEYOND = /[\x7f-\uffff]/;
const EACH_BEYOND = /[\x7f-\uffff]/g;

function escaped(character: string): string {
  const unit = character.charCodeAt(0);
  return `\x7f${String.fromCharCode(0x20 + (unit >> 12), 0x20 + ((unit >> 6) & 63), 0x20 + (unit & 63))}`;
}

const SHORT_MAX = 0x7d - 0x20;

/** One character, as long as that is below `~`; a longer length is itself a number with its length. */
function lengthKey(length: number): string {
  if (length <= SHORT_MAX) return String.fromCharCode(0x20 + length);
  const digits = String(length);
  return `~${String.fromCharCode(0x20 + digits.length)}${digits}`;
}
