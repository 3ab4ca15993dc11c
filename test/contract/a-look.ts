import type { NewFactOf } from '../../src/core/fact.ts';

/** A small fact; its version tells it from others. */
export function look(version: string): NewFactOf<'looked'> {
  const at = Temporal.Instant.from('2026-03-01T10:00:00Z');
  return {
    type: 'looked',
    at: { from: at, to: at.add({ seconds: 1 }) },
    by: 'suture',
    payload: { upstream: 'pkg:generic/hello', form: 'git-tag', versions: [version] },
    evidence: [],
  };
}
