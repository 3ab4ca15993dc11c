import type { CompatibilityFinding } from './compare-images.ts';

/** One finding about all these names, and none about none. The sentence is given how many they are. */
export function findingsAbout(
  kind: CompatibilityFinding['kind'],
  names: readonly string[],
  sentence: (count: number) => string,
): readonly CompatibilityFinding[] {
  return names.length === 0 ? [] : [{ kind, detail: sentence(names.length), names: names.toSorted() }];
}
