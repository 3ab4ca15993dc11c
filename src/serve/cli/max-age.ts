import { Failure } from '../../core/failure.ts';
import { dataAge } from '../../core/scan/data-age.ts';
import { spell } from '../../views/durations.ts';
import type { ScanFeeds } from '../../views/scan.ts';
import type { Session } from './session.ts';

/**
 * Refuses (E0207) an answer from advisories that are older than `maxAge`, written as `24h`; without one, says so where they are
 * older than a week.
 */
export async function heedAge(
  { newestModified, records }: Pick<ScanFeeds, 'newestModified' | 'records'>,
  maxAge: string | undefined,
  session: Session,
): Promise<void> {
  const limit = maxAge === undefined ? undefined : await secondsOf(maxAge);
  const { seconds, isOld } = dataAge(newestModified, session.now(), limit);
  if (!isOld) return;
  const found =
    seconds === null
      ? records === 0
        ? 'there is no record in the feeds'
        : 'none of the records has a date'
      : `the newest record is ${spell(seconds)} old (${newestModified})`;
  if (limit === undefined) {
    session.note(`warning: ${found}; what was published since is not known here`);
    return;
  }
  throw new Failure('E0207', `The advisories are older than ${maxAge}`, {
    at: '--max-age',
    why: found,
    kept: 'no answer is given',
    hint: 'bring the feeds up to date, or allow more',
  });
}

async function secondsOf(text: string): Promise<number> {
  const { duration } = await import('../../formats/catalog/schema-parts.ts');
  const read = duration().safeParse(text);
  if (read.success) return read.data;
  throw new Failure('E0902', `--max-age ${text} is no length of time`, { at: text, hint: 'write 24h, 30m or 7d' });
}
