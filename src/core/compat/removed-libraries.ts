import type { CompatibilityFinding } from './compare-images.ts';
import type { ImageFacts } from './image-facts.ts';

/** Sonames that no library answers to any more, and symbols that are gone from those that stayed. */
export function removedLibraries(previous: ImageFacts, next: ImageFacts): readonly CompatibilityFinding[] {
  const now = librariesOf(next);
  return [...librariesOf(previous).values()].flatMap((before): readonly CompatibilityFinding[] => {
    const after = now.get(before.soname);
    if (after === undefined) {
      return [{ kind: 'soname-removed', detail: `no library answers to ${before.soname}`, paths: [before.path] }];
    }
    const gone = before.symbols.difference(after.symbols);
    return gone.size === 0
      ? []
      : [{ kind: 'symbol-removed', detail: `${before.soname} no longer offers ${named(gone)}`, paths: [after.path] }];
  });
}

interface Library {
  readonly soname: string;
  readonly path: string;
  readonly symbols: ReadonlySet<string>;
}

function librariesOf(image: ImageFacts): ReadonlyMap<string, Library> {
  const libraries = new Map<string, Library>();
  for (const { path, library } of image.files.values()) {
    if (library !== undefined)
      libraries.set(library.soname, { path, soname: library.soname, symbols: new Set(library.symbols) });
  }
  return libraries;
}

const NAMED_MAX = 5;

function named(symbols: ReadonlySet<string>): string {
  const shown = [...symbols].slice(0, NAMED_MAX).join(', ');
  return symbols.size > NAMED_MAX ? `${shown} and ${symbols.size - NAMED_MAX} more symbols` : shown;
}
