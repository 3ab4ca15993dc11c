/** A plain value as YAML would have it on one line: `{ name: hello, version: '1.0' }`. */
export function inFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inFlow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0) return '{}';
    return `{ ${entries.map(([key, inner]) => `${key}: ${inFlow(inner)}`).join(', ')} }`;
  }
  if (typeof value === 'string' && mustBeQuoted.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return String(value as string | number | boolean | null);
}

/** Empty, a number by its looks, or beginning with a sign that means something to YAML. */
const mustBeQuoted = /^$|^[\d.]+$|^[*&!%@`'"{}[\]#|>]|: | #/;
