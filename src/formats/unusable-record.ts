import { Failure } from '../core/failure.ts';

/** E0202 for one record, or a list of them, that is not what its format says; `at` names the place within the item. */
export function unusableRecord(name: string, { at, why }: { readonly at?: string; readonly why: string }): Failure {
  return new Failure('E0202', `${name} holds something that cannot be used`, {
    at: at ?? name,
    why,
    kept: 'what it said before stays in force, and everything else is read',
    hint: 'report it to the publisher of the feed; the next look reads it again',
    retryable: false,
  });
}
