import { Failure } from '../../core/failure.ts';
import type { AdvisoryRecord, AffectedPackage } from '../../core/match/advisory.ts';
import { packageKey } from '../osv/package-key.ts';
import { instantOf } from '../osv/instant-of.ts';
import { unusableRecord } from '../unusable-record.ts';
import { debianStreams } from './debian-streams.ts';

const BYTES_MAX = 32 * 2 ** 20;
const PROBLEMS_MAX = 1_000;

export interface NoticeList {
  readonly records: readonly AdvisoryRecord[];
  /** Lines that say nothing to us. */
  readonly problems: readonly Failure[];
}

/**
 * Debian's own list of its notices: DSA, DLA or DTSA, with their dates, the vulnerabilities and the fixed versions per
 * release (Debian security tracker, data/DSA/list). A notice about one vulnerability is another name of it, one about
 * several is told with all of them. Throws Failure E0205, or E0202 when there is no notice in it.
 */
export function parseNoticeList(bytes: Uint8Array, { name }: { readonly name: string }): NoticeList {
  if (bytes.length > BYTES_MAX) {
    throw new Failure('E0205', `${name} is larger than ${BYTES_MAX} bytes`, { at: name, retryable: false });
  }
  const problems: Failure[] = [];
  const notices = new Map<string, Notice>();
  let notice: Notice | undefined;
  for (const [index, line] of new TextDecoder().decode(bytes).split('\n').entries()) {
    const say = (why: string) => {
      const at = `${name}:${index + 1}:1`;
      if (problems.length < PROBLEMS_MAX) problems.push(unusableRecord(name, { at, why }));
    };
    if (/^[^\s]/.test(line)) {
      notice = noticeAt(line);
      if (notice === undefined) say(`"${line.slice(0, 60)}" begins no notice`);
      else if (notices.has(notice.id)) say(`the notice ${notice.id} is there twice`);
      else notices.set(notice.id, notice);
    } else if (notice !== undefined && line.trim() !== '' && !takeLine(notice, line.trim())) {
      say(`"${line.trim().slice(0, 60)}" is no line of a notice`);
    }
  }
  if (notices.size === 0) throw unusableRecord(name, { why: 'there is no notice in it' });
  return { records: [...notices.values()].map(recordOf), problems };
}

interface Notice {
  readonly id: string;
  readonly at: string;
  readonly title: string;
  readonly flaws: Set<string>;
  readonly affected: AffectedPackage[];
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `[29 Mar 2023] DSA-5380-1 xorg-server - security update`. */
function noticeAt(line: string): Notice | undefined {
  const found = /^\[([0-9]{1,2}) ([A-Z][a-z]{2})[a-z]* ([0-9]{4})\] (D(?:SA|LA|TSA)-[0-9]+(?:-[0-9]+)?)\s*(.*)$/.exec(
    line,
  );
  const [, day = '', month = '', year = '', id = '', title = ''] = found ?? [];
  const number = String(MONTHS.indexOf(month) + 1).padStart(2, '0');
  const at = instantOf(`${year}-${number}-${day.padStart(2, '0')}T00:00:00Z`);
  return at === null ? undefined : { id, at, title: title.trim(), flaws: new Set(), affected: [] };
}

/** False for a line that is neither a list of ids, a package in a release, nor a remark. */
function takeLine(notice: Notice, line: string): boolean {
  if (/^[A-Z]+:/.test(line)) return true;
  const ids = /^\{([^}]*)\}?$/.exec(line)?.[1];
  if (ids !== undefined) {
    for (const id of ids.split(/\s+/)) if (/^CVE-[0-9]{4}-[0-9]{4,19}$/.test(id)) notice.flaws.add(id);
    return true;
  }
  const [, codename, source, said] = /^\[([a-z]+)\]\s+-\s+(\S+)\s+(\S+)/.exec(line) ?? [];
  if (codename === undefined || source === undefined || said === undefined) return false;
  const key = /^[a-z0-9][a-zA-Z0-9+.-]*$/.test(source) ? packageKey({ ecosystem: 'Debian', name: source }) : undefined;
  const state = key === undefined ? undefined : stateOf(said);
  if (key === undefined || state === undefined) return false;
  if (state === 'absent') return true;
  for (const stream of debianStreams(codename)) {
    notice.affected.push({ package: key.purl, stream, scheme: 'deb', versions: [], ...state });
  }
  return true;
}

type State = Pick<AffectedPackage, 'ranges' | 'verdict' | 'noFix'>;

const UNFIXED: State = { ranges: [{ introduced: '0', fixed: null, lastAffected: null }] };

const STATES: ReadonlyMap<string, State | 'absent'> = new Map<string, State | 'absent'>([
  ['<unfixed>', UNFIXED],
  ['<no-dsa>', { ...UNFIXED, noFix: 'no-notice' }],
  ['<postponed>', { ...UNFIXED, noFix: 'postponed' }],
  ['<ignored>', { ...UNFIXED, noFix: 'refused' }],
  ['<end-of-life>', { ...UNFIXED, noFix: 'unsupported' }],
  ['<not-affected>', { ranges: [], verdict: 'not-affected' }],
  ['<undetermined>', { ranges: [], verdict: 'undetermined' }],
  ['<removed>', 'absent'],
  ['<itp>', 'absent'],
]);

function stateOf(said: string): State | 'absent' | undefined {
  if (said.startsWith('<')) return STATES.get(said);
  return /^[0-9][0-9A-Za-z.+~:-]*$/.test(said)
    ? { ranges: [{ introduced: '0', fixed: said, lastAffected: null }] }
    : undefined;
}

function recordOf({ id, at, title, flaws, affected }: Notice): AdvisoryRecord {
  return {
    id,
    source: 'dsa',
    aliases: flaws.size === 1 ? [...flaws] : [],
    ...(flaws.size > 1 && { upstream: [...flaws] }),
    summary: title.slice(0, 300).toWellFormed(),
    published: at,
    modified: at,
    withdrawn: null,
    severities: [],
    affected,
    exploitedSince: null,
    epss: null,
    malicious: false,
  };
}
