import type { Line } from '../catalog/catalog.ts';
import { digestOf, type Digest } from '../digest.ts';
import type { Obligation } from '../promise/standing.ts';
import type { PlanInput, Worklist } from './worklist.ts';

/**
 * All that a line still lacks in one step: its digest gets one statement of everything, not one for each end. Returns the
 * step's key, undefined when nothing is lacking.
 */
export function planReceipts(
  line: Line,
  digest: Digest,
  { input, work }: { readonly input: PlanInput; readonly work: Worklist },
): string | undefined {
  const isDone = (key: string): boolean => input.outcomes.get(key)?.kind === 'done';
  const ended = input.obligations.ofLine(line.line).ended.filter((each) => !isDone(receiptKey(each)));
  const ofDigest = digestReceiptKey(line, digest);
  const covers = [ofDigest, ...ended.map(receiptKey)].filter((key) => !isDone(key));
  const [only] = covers;
  if (only === undefined) return undefined;
  const key = covers.length === 1 ? only : `attach-receipts ${line.line} ${digestOf(covers.toSorted().join('\n'))}`;
  if (isDone(key)) return undefined;
  work.add(
    key,
    { kind: 'attach-receipts', line, obligations: ended.map((each) => each.id), covers },
    { reason: reasonOf(ended, line), line: line.line, closes: [] },
  );
  return key;
}

export function digestReceiptKey({ line }: Line, digest: Digest): string {
  return `attach-receipts ${line} ${digest}`;
}

function reasonOf(ended: readonly Obligation[], line: Line): string {
  const [first] = ended;
  if (first === undefined) return `${line.line} has a new digest; its receipt says what that holds`;
  const others = ended.length === 1 ? '' : ` and ${ended.length - 1} more`;
  return `${first.vulnerability}${others} ended in ${line.line}`;
}

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
