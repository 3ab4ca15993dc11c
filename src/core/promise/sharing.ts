import type { RecordWords } from '../match/advisory.ts';

/** Members that may change while a record says the same of everything that counts. */
const passing: ReadonlySet<string> = new Set(['modified', 'epss', 'epssModel']);

/**
 * What a version of a record says, built of the parts of the version before it wherever both say the same: a ledger holds
 * many versions of most records, and what differs is seldom more than a line. The version before itself where nothing does.
 */
export function sharing(now: RecordWords, before: RecordWords | undefined): RecordWords {
  if (before === undefined) return now;
  const then = new Map(Object.entries(before));
  const members: [string, unknown][] = [];
  let isSame = Object.keys(before).every((name) => passing.has(name) || name in now);
  for (const [name, said] of Object.entries(now)) {
    if (passing.has(name)) continue;
    const known = then.get(name);
    const isKnown = known !== undefined && JSON.stringify(known) === JSON.stringify(said);
    isSame &&= isKnown;
    members.push([name, isKnown ? known : said]);
  }
  return isSame ? before : (Object.fromEntries(members) as unknown as RecordWords);
}
