import type { RecordWords } from '../match/advisory.ts';
import { withPartsOf } from '../with-parts-of.ts';

/** Members that may change while a record says the same of everything that counts. */
const passing: ReadonlySet<string> = new Set(['modified', 'epss', 'epssModel']);

/**
 * What a version of a record says, built of the parts of the version before it wherever both say the same: a ledger holds
 * many versions of most records, and what differs is seldom more than a line. The version before itself where nothing does.
 */
export function sharing(now: RecordWords, before: RecordWords | undefined): RecordWords {
  return before === undefined ? now : withPartsOf(before, now, { passing });
}
