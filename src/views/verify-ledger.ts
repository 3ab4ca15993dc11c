import type { DigestInLine, DigestView } from './digest.ts';
import { type Check, no, note, some, yes } from './verify-check.ts';

/** What the ledger of the catalog that is here knows of an image, up to its newest fact. */
export interface AskedLedger {
  /** Undefined when it knows no such digest. */
  readonly view: DigestView | undefined;
  readonly seq: number;
}

/** The papers of an image are as old as they are; where the ledger is at hand it is asked as well. */
export function ledgerCheck({ view, seq }: AskedLedger, tag: string | null): Check {
  const upTo = `the ledger of this catalog, up to fact ${seq}`;
  if (view === undefined) return note('ledger', `${upTo}, knows nothing of this image`);
  const lines = linesMeant(view.lines, tag);
  const open = lines.flatMap(({ stillOpen }) => stillOpen);
  const late = open.filter(({ standing }) => standing === 'overdue');
  const waiting = open.filter(({ standing }) => standing === 'waiting').length;
  const names = some(lines.map(({ line }) => line));
  const text = `${upTo}: ${late.length} overdue · ${waiting} waiting on upstream in ${names}`;
  const [first] = late;
  if (first !== undefined) {
    const said = some(late.map(({ vulnerability, time }) => `${vulnerability} (${time})`));
    return no('ledger', 'overdue', { text: `${text}: ${said}`, cause: first.reason.text });
  }
  const missed = lines.flatMap(({ missedFixes }) => missedFixes.map(({ vulnerability }) => vulnerability));
  return missed.length === 0
    ? yes('ledger', text)
    : note('ledger', `${text}; a later image fixes ${some([...new Set(missed)])}`);
}

/** The line of the tag that was asked for; of a digest those that serve it, or else those that did. */
function linesMeant(lines: readonly DigestInLine[], tag: string | null): readonly DigestInLine[] {
  const ofTag = lines.filter(({ line }) => tag !== null && line.endsWith(`:${tag}`));
  if (ofTag.length > 0) return ofTag;
  const current = lines.filter((one) => one.current);
  return current.length > 0 ? current : lines;
}
