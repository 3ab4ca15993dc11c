import type { AffectedImport, AffectedPackage } from './advisory.ts';
import type { VerdictOptions } from './component-verdict.ts';
import type { Component } from './inventory.ts';

/**
 * Why a covered version is not affected after all: each affected part is for other systems, or none of the others is in
 * the program (Go vulnerability database, "imports"; RustSec, "affected"). Null: nothing says so. Without evidence of
 * what was linked every part is taken to be there.
 */
export function narrowed(
  { imports = [] }: AffectedPackage,
  { linked }: Pick<Component, 'linked'>,
  options: VerdictOptions,
): 'elsewhere' | 'not-linked' | null {
  if (imports.length === 0) return null;
  const here = imports.filter((part) => !isElsewhere(part, options));
  if (here.length === 0) return 'elsewhere';
  return linked === undefined || here.some((part) => isLinked(part, linked)) ? null : 'not-linked';
}

function isElsewhere(part: AffectedImport, { os, architecture }: VerdictOptions): boolean {
  const lacks = (words: readonly string[], word: string | undefined): boolean =>
    word !== undefined && words.length > 0 && !words.some((each) => plainName(each) === plainName(word));
  return lacks(part.os, os) || lacks(part.architectures, architecture);
}

function isLinked({ path, symbols }: AffectedImport, linked: NonNullable<Component['linked']>): boolean {
  if (!linked.packages.includes(path)) return false;
  if (symbols.length === 0 || linked.symbols === null) return true;
  const known = setOf(linked.symbols);
  return symbols.some((symbol) => known.has(`${path}.${symbol}`));
}

/** A program has tens of thousands, and each of hundreds of records asks for some of them. */
function setOf(symbols: readonly string[]): ReadonlySet<string> {
  const known = sets.get(symbols) ?? new Set(symbols);
  sets.set(symbols, known);
  return known;
}

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** Go, Rust and distributions each have their own word for the same machine. */
function plainName(word: string): string {
  const lower = word.toLowerCase();
  return SAME.get(lower) ?? lower;
}

const SAME: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'amd64'],
  ['aarch64', 'arm64'],
  ['386', 'x86'],
  ['i386', 'x86'],
  ['i686', 'x86'],
  ['powerpc64le', 'ppc64le'],
  ['ppc64el', 'ppc64le'],
  ['armhf', 'arm'],
  ['armv7', 'arm'],
]);
