import * as z from 'zod';
import type { Failure } from '../../core/failure.ts';
import type { AdvisoryRecord, AffectedPackage, Severity } from '../../core/match/advisory.ts';
import { packageKey } from '../osv/package-key.ts';
import { labelled } from '../osv/severities.ts';
import { unusableRecord } from '../unusable-record.ts';
import { debianStreams } from './debian-streams.ts';

const version = z.string().regex(/^[0-9A-Za-z.+~:-]{1,300}$/, 'a version');

const release = z.object({
  status: z.enum(['resolved', 'open', 'undetermined']),
  fixed_version: version.optional(),
  urgency: z.string().max(100).optional(),
  nodsa: z.string().max(10_000).optional(),
  nodsa_reason: z.string().max(100).optional(),
});

type Release = z.infer<typeof release>;

const issue = z.object({
  description: z.string().max(1_000_000).optional(),
  // A map without entries may come as an empty list.
  releases: z.record(z.string().regex(/^[a-z0-9-]{1,100}$/), release).or(z.tuple([]).transform(() => ({}))),
});

const ID = /^(?:CVE-[0-9]{4}-[0-9]{4,19}|TEMP-[0-9A-F-]{1,100})$/;
const NAME = /^[a-z0-9][a-z0-9+._-]{0,200}$/;

export interface DebianTracker {
  /** One record for each vulnerability, about all source packages and releases. */
  readonly records: readonly AdvisoryRecord[];
  /** Entries that cannot be used. */
  readonly problems: readonly Failure[];
}

/**
 * The state of every vulnerability in every release, as Debian's security tracker publishes it (security-tracker.debian.org,
 * data/json). It bears no dates. Releases are told by number, `sid` by name. Throws Failure E0202 when it is no such list.
 */
export function parseDebianTracker(
  json: unknown,
  { name, observedAt }: { readonly name: string; readonly observedAt: Temporal.Instant },
): DebianTracker {
  if (!isObject(json)) throw unusableRecord(name, { why: 'it is no map of source packages' });
  const problems: Failure[] = [];
  const found = new Map<string, { summary: string; readonly affected: AffectedPackage[] }>();
  for (const [source, issues] of Object.entries(json)) {
    const key = NAME.test(source) ? packageKey({ ecosystem: 'Debian', name: source }) : undefined;
    if (key === undefined || !isObject(issues)) {
      problems.push(unusableRecord(name, { at: `${name}: ${source.slice(0, 60)}`, why: 'it is no source package' }));
      continue;
    }
    for (const [id, said] of Object.entries(issues)) {
      const at = `${name}: ${source} ${id.slice(0, 60)}`;
      const read = issue.safeParse(said);
      if (!ID.test(id)) problems.push(unusableRecord(name, { at, why: 'the id is neither a CVE nor TEMP' }));
      else if (!read.success) problems.push(unusableRecord(name, { at, why: whyNot(read.error) }));
      else {
        const entry = found.get(id) ?? { summary: summaryOf(read.data.description), affected: [] };
        entry.affected.push(...Object.entries(read.data.releases).flatMap((each) => affectedIn(key.purl, each)));
        found.set(id, entry);
      }
    }
  }
  return { records: [...found].map(([id, entry]) => recordOf(id, entry, observedAt)), problems };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordOf(
  id: string,
  { summary, affected }: { readonly summary: string; readonly affected: readonly AffectedPackage[] },
  observedAt: Temporal.Instant,
): AdvisoryRecord {
  return {
    id,
    source: 'debian',
    aliases: [],
    summary,
    published: null,
    modified: observedAt.toString(),
    withdrawn: null,
    severities: [],
    affected,
    exploitedSince: null,
    epss: null,
    malicious: false,
  };
}

function affectedIn(purl: string, [codename, said]: readonly [string, Release]): readonly AffectedPackage[] {
  const state = stateOf(said);
  const severities = severitiesOf(said.urgency ?? '');
  return debianStreams(codename).map((stream) => ({
    package: purl,
    stream,
    scheme: 'deb',
    versions: [],
    ...state,
    ...(severities.length > 0 && { severities }),
  }));
}

/** Fixed in version 0 was never affected; resolved without a version is not said by the tracker and told as undetermined. */
function stateOf(said: Release): Pick<AffectedPackage, 'ranges' | 'verdict' | 'noFix'> {
  const { status, fixed_version: fixed } = said;
  if (status === 'resolved' && fixed === '0') return { ranges: [], verdict: 'not-affected' };
  if (status === 'resolved' && fixed !== undefined) return { ranges: [{ introduced: '0', fixed, lastAffected: null }] };
  if (status !== 'open') return { ranges: [], verdict: 'undetermined' };
  const noFix = noFixOf(said);
  return { ranges: [{ introduced: '0', fixed: null, lastAffected: null }], ...(noFix !== undefined && { noFix }) };
}

function noFixOf({ urgency, nodsa, nodsa_reason: reason }: Release): AffectedPackage['noFix'] {
  if (urgency === 'end-of-life') return 'unsupported';
  if (reason === 'ignored') return 'refused';
  if (reason === 'postponed') return 'postponed';
  return nodsa === undefined && reason === undefined ? undefined : 'no-notice';
}

/** Two stars mark a level that the tracker took over from NVD. */
function severitiesOf(urgency: string): readonly Severity[] {
  const isNvds = urgency.endsWith('**');
  const severity = labelled(urgency.replace(/\*+$/, ''), isNvds ? 'nvd' : 'vendor');
  return severity === undefined ? [] : [{ ...severity, provider: 'debian' }];
}

function summaryOf(description = ''): string {
  return description.slice(0, 300).toWellFormed();
}

function whyNot(error: z.ZodError): string {
  const found = error.issues[0];
  return `${found?.path.map(String).join('.') ?? ''}: ${found?.message ?? 'not as the tracker says it'}`;
}
