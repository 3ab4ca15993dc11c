import type { AdvisoryIndex } from './open-index.ts';

/** Names of sections that are other than before. */
export interface IndexDelta {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** What a newer index has other than an older one, by the sections' content alone. */
export function indexDelta(from: AdvisoryIndex, to: AdvisoryIndex): IndexDelta {
  const [before, after] = [from, to].map(({ sections }) => new Map(sections.map((each) => [each.source, each.digest])));
  const sources = (of: typeof before): readonly string[] => [...(of?.keys() ?? [])];
  return {
    added: sources(after).filter((source) => before?.has(source) === false),
    changed: sources(after).filter((source) => {
      const digest = before?.get(source);
      return digest !== undefined && digest !== after?.get(source);
    }),
    removed: sources(before).filter((source) => after?.has(source) === false),
  };
}
