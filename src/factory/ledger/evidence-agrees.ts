import { digestOf } from '../../core/digest.ts';
import type { ChainEntry } from '../../core/ledger/envelope.ts';
import { readJson } from '../../core/ledger/withheld.ts';
import { parseHttpDate } from '../../formats/http/http-date.ts';
import { readKeptAnswer } from '../../formats/http/kept-answer.ts';

/** Facts that an answer from outside dates. */
export const ANSWERED: ReadonlySet<string> = new Set(['image-confirmed', 'release-observed']);

/**
 * What the raw answers that a fact names say otherwise than the fact; null where they agree, or none of them is such an
 * answer: facts of former versions named none.
 */
export function disagreement({ type, at, payloadText }: ChainEntry, answers: readonly Uint8Array[]): string | null {
  const read = payloadText === null ? null : readJson(payloadText);
  if (typeof read !== 'object' || read === null) return null;
  const payload: Readonly<Record<string, unknown>> = { ...read };
  switch (type) {
    case 'image-confirmed':
      return (
        answers.map((each) => pullDisagrees(each, { from: at.from, digest: payload['digest'] })).find(Boolean) ?? null
      );
    case 'release-observed':
      return payload['form'] === 'git-tag' ? tagDisagrees(answers, payload) : null;
    default:
      return null;
  }
}

/** The registry's `Date`, and the manifest or the index that lists it (promise rule 5). */
function pullDisagrees(
  bytes: Uint8Array,
  { from, digest }: { readonly from: string; readonly digest: unknown },
): string | null {
  const answer = readKeptAnswer(bytes);
  if (answer === undefined) return null;
  const date = typeof answer.headers['date'] === 'string' ? parseHttpDate(answer.headers['date']) : undefined;
  if (date === undefined) return 'the answer of the registry has no Date';
  if (date.toString() !== from) return `the registry answered at ${date.toString()}`;
  const isIt =
    digestOf(answer.body) === digest || new TextDecoder().decode(answer.body).includes(`"${String(digest)}"`);
  return isIt ? null : `the registry did not answer with ${String(digest)}`;
}

/** A line of `git ls-remote --tags`. */
function tagDisagrees(
  answers: readonly Uint8Array[],
  { ref, objectId }: Readonly<Record<string, unknown>>,
): string | null {
  const listings = answers.map((each) => new TextDecoder().decode(each)).filter((text) => LISTING.test(text));
  if (listings.length === 0) return null;
  const line = `${String(objectId)}\trefs/tags/${String(ref)}\n`;
  return listings.some((text) => text.includes(line))
    ? null
    : `no answer lists the tag ${String(ref)} at ${String(objectId)}`;
}

const LISTING = /^[0-9a-f]{40,64}\trefs\/tags\//;
