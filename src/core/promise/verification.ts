import type { KnownComponent, UpstreamHistory } from './history.ts';
import type { Millis } from './instant.ts';

/** What somebody who looked at the code says of a version; it wins over any advisory's range (edge case 30). */
export interface Verified {
  readonly result: 'contains' | 'lacks';
  readonly from: Millis;
}

/** The newest word on whether a release contains the fix; undefined when nobody looked. */
export function verifiedFix(
  upstream: UpstreamHistory,
  version: string,
  names: readonly string[],
): Verified | undefined {
  for (const { says, from } of upstream.watch?.verifications.get(version)?.toReversed() ?? []) {
    const { result, vulnerability } = says;
    if ((result === 'contains' || result === 'lacks') && names.includes(vulnerability)) return { result, from };
  }
  return undefined;
}

/** Whether a patch of ours removes the flaw from a component, unless it proved to be another fix (edge case 31). */
export function isPatched({ component, upstream }: KnownComponent, names: readonly string[]): boolean {
  if (!component.patched.some((id) => names.includes(id))) return false;
  const verified = upstream.watch?.verifications.get(component.version) ?? [];
  const newest = verified.findLast(
    ({ says }) => says.result.startsWith('patch-') && names.includes(says.vulnerability),
  );
  return newest?.says.result !== 'patch-differs';
}
