import type { Fact } from '../core/fact.ts';
import { Failure } from '../core/failure.ts';

/**
 * The digest that a reference of the command line means: `sha256:…` itself, `nginx:1.28@sha256:…` likewise,
 * `nginx:1.28` the newest publication and `nginx:1.28@previous` the one before it.
 * Throws E0401 when the line never published that much.
 */
export function resolveReference(reference: string, factsOfLine: readonly Fact[]): string {
  const digest = /sha256:[0-9a-f]{64}$/.exec(reference)?.[0];
  if (digest !== undefined) return digest;
  const published = factsOfLine.filter((fact) => fact.type === 'image-published');
  const back = reference.endsWith('@previous') ? 2 : 1;
  const found = published.at(-back);
  if (found === undefined) {
    throw new Failure('E0401', `${reference} names no published image`, {
      why: `the ledger knows ${published.length} publications of ${lineOf(reference)}`,
      hint: `suture explain ${lineOf(reference)}`,
    });
  }
  return found.payload.digest;
}

/** The line in a reference: what stands before the `@`. */
export function lineOf(reference: string): string {
  return reference.replace(/@.*$/, '');
}
