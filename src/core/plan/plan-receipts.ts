import type { Line } from '../catalog/catalog.ts';
import { digestOf, type Digest } from '../digest.ts';
import type { Obligation } from '../promise/standing.ts';
import { isAttached, recordNow } from './digest-record.ts';
import type { DigestRecord } from './step.ts';
import type { PlanInput, Worklist } from './worklist.ts';

/**
 * All that a line still lacks in one step: its digest gets one statement of everything, not one for each end. Undefined
 * when nothing is lacking.
 */
export function planReceipts(
  line: Line,
  digest: Digest,
  { input, work }: { readonly input: PlanInput; readonly work: Worklist },
): { readonly key: string; readonly isRenewal: boolean } | undefined {
  const isDone = (key: string): boolean => input.outcomes.get(key)?.kind === 'done';
  const ended = input.obligations.ofLine(line.line).ended.filter((each) => !isDone(receiptKey(each)));
  const record = recordNow(line, digest, input);
  if (ended.length === 0 && isAttached(record, input)) return undefined;
  const covers = [record.key, ...ended.map(receiptKey)];
  const key =
    ended.length === 0 ? record.key : `attach-receipts ${line.line} ${digestOf(covers.toSorted().join('\n'))}`;
  work.add(
    key,
    { kind: 'attach-receipts', line, obligations: ended.map((each) => each.id), record, covers },
    { reason: reasonOf(ended, { line: line.line, record }), line: line.line, closes: [] },
  );
  return { key, isRenewal: ended.length === 0 && record.because !== 'new' };
}

function reasonOf(
  ended: readonly Obligation[],
  { line, record }: { readonly line: string; readonly record: DigestRecord },
): string {
  const [first] = ended;
  if (first === undefined) return RECORD_REASONS[record.because](line);
  const others = ended.length === 1 ? '' : ` and ${ended.length - 1} more`;
  return `${first.vulnerability}${others} ended in ${line}`;
}

const RECORD_REASONS: Readonly<Record<DigestRecord['because'], (line: string) => string>> = {
  new: (line) => `${line} has a new digest; its receipt says what that holds`,
  change: (line) => `what is open in ${line} changed; the receipt of its digest says so`,
  time: (line) => `the receipt of ${line}'s digest is renewed before it runs out`,
};

/**
 * One receipt for each end and for each figure: an obligation that is re-opened and ends again gets another, and so
 * does one whose start, deadline or stop was corrected.
 */
export function receiptKey(obligation: Obligation): string {
  const known = keys.get(obligation);
  if (known !== undefined) return known;
  const { id, standing, clock } = obligation;
  const figures = [standing, clock.t0, clock.due, clock.t1, clock.marginSeconds].map((each) => String(each));
  const key = `attach-receipts ${id} ${figures.join(' ')}`;
  keys.set(obligation, key);
  return key;
}

/** Turn after turn asks about the same obligations, and instants are slow to write; a value that changed is another one. */
const keys = new WeakMap<Obligation, string>();
