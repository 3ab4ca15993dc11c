/**
 * Version orders here are sort keys: strings whose code unit order is the order of the versions. A key is built once
 * per version and then compared with `<`, so that every order is total and transitive by construction.
 */

/** A run of decimal digits: its length, then the digits without leading zeros. "0", "00" and "" are equal. */
export function numberKey(digits: string): string {
  let zeros = 0;
  while (digits.charCodeAt(zeros) === 0x30) zeros += 1;
  const significant = zeros === 0 ? digits : digits.slice(zeros);
  return String.fromCharCode(0x20 + significant.length) + significant;
}

/** Text that ends: "a" sorts before "ab" whatever follows. */
export function textKey(text: string): string {
  return `${text}\x00`;
}
