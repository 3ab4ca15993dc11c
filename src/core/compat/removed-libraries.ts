import { findingsAbout } from './findings-about.ts';
import type { CompatibilityFinding } from './compare-images.ts';
import type { ImageFacts } from './image-facts.ts';

/** Sonames that no library answers to any more, and symbols that are gone from those that stayed. */
export function removedLibraries(previous: ImageFacts, next: ImageFacts): readonly CompatibilityFinding[] {
  const now = librariesOf(next);
  const before = [...librariesOf(previous)];
  const gone = before.filter(([soname]) => !now.has(soname)).map(([soname]) => soname);
  return [
    ...findingsAbout('soname-removed', gone, (count) =>
      count === 1
        ? '1 library that programs are linked to is gone'
        : `${count} libraries that programs are linked to are gone`,
    ),
    ...before.flatMap(([soname, symbols]) => removedSymbols(soname, { symbols, now: now.get(soname) ?? symbols })),
  ];
}

/** By soname. */
function librariesOf(image: ImageFacts): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...image.files.values()].flatMap(({ library }) =>
      library === undefined ? [] : [[library.soname, library.symbols] as const],
    ),
  );
}

function removedSymbols(
  soname: string,
  { symbols, now }: { readonly symbols: readonly string[]; readonly now: readonly string[] },
): readonly CompatibilityFinding[] {
  const offered = new Set(now.flatMap(bindableTo));
  const gone = symbols.filter((symbol) => !isPrivate(symbol) && !offered.has(asBound(symbol)));
  return findingsAbout('symbol-removed', gone, (count) =>
    count === 1 ? `${soname} no longer offers 1 symbol` : `${soname} no longer offers ${count} symbols`,
  );
}

/** How a program names what it was linked to: it does not know whether the version was the default, `@@`, at the time. */
function asBound(symbol: string): string {
  return symbol.replace('@@', '@');
}

/** A default version also serves programs that ask for none (glibc, elf/dl-lookup.c, check_match()). */
function bindableTo(symbol: string): readonly string[] {
  const at = symbol.indexOf('@@');
  return at < 0 ? [symbol] : [asBound(symbol), symbol.slice(0, at)];
}

/** The parts of glibc talk to each other by this version; it is promised to nobody else, and they come together. */
function isPrivate(symbol: string): boolean {
  return symbol.endsWith('@GLIBC_PRIVATE');
}
