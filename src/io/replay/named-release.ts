import type { WrittenEvent } from '../../formats/replay/recorded-event.ts';

/** That a version existed by then. */
export interface NamedRelease {
  readonly upstream: string;
  readonly version: string;
  readonly at: Temporal.Instant;
}

/** Each release once, when it was named first. */
export function earliestOf(
  named: readonly NamedRelease[],
  branchOf: (upstream: string, version: string) => string,
): readonly Extract<WrittenEvent, { readonly kind: 'release' }>[] {
  const first = new Map<string, NamedRelease>();
  for (const each of named) {
    const key = `${each.upstream} ${each.version}`;
    const known = first.get(key);
    if (known === undefined || Temporal.Instant.compare(each.at, known.at) < 0) first.set(key, each);
  }
  return [...first.values()].map(({ upstream, version, at }) => ({
    kind: 'release',
    at: at.toString(),
    upstream,
    version,
    stream: branchOf(upstream, version),
  }));
}
