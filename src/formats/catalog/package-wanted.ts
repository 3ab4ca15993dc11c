import type { LinePackage } from '../../core/catalog/catalog.ts';

export type Wanted =
  | { readonly kind: 'wanted'; readonly name: string; readonly bound: LinePackage['bound'] }
  | { readonly kind: 'not-understood'; readonly what: string; readonly hint?: string };

// Longest first, so that <= is not read as < and a version that begins with =.
const WANTED = /^([A-Za-z0-9][A-Za-z0-9+_.:-]*)\s*(?:(<=|>=|=~|<|>|=|~)\s*([A-Za-z0-9][A-Za-z0-9._~+-]*))?$/;

/** Reads `name`, `name=1.0-r0`, `name<1.1` … (apk-tools' world syntax; `=~` is another spelling of `~`). */
export function parseWanted(text: string): Wanted {
  if (text.startsWith('!'))
    return { kind: 'not-understood', what: 'keeping a package out (!name) is not supported yet' };
  if (text.includes('@'))
    return { kind: 'not-understood', what: 'a tagged repository (name@tag) is not supported yet' };
  const [, name, operator, version] = WANTED.exec(text) ?? [];
  if (name === undefined) {
    return {
      kind: 'not-understood',
      what: `"${text.slice(0, 60)}" is not a package with an optional bound`,
      hint: 'For example hello, hello=1.0.1-r0 or hello<1.1.',
    };
  }
  if (operator === undefined || version === undefined) return { kind: 'wanted', name, bound: null };
  const known = operators.find((candidate) => candidate === (operator === '=~' ? '~' : operator)) ?? '=';
  return { kind: 'wanted', name, bound: { operator: known, version } };
}

const operators = ['=', '<', '<=', '>', '>=', '~'] as const;
