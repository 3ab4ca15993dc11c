import * as z from 'zod';
import type { AdvisoryRecord, AffectedPackage, AffectedRange, Severity } from '../../core/match/advisory.ts';
import { startOfDay } from '../osv/instant-of.ts';
import { levelOf } from '../osv/rate-cvss.ts';
import { type Interval, rangesOutside } from '../requirement/affected-ranges.ts';
import { gemOrder, gemRequirement } from '../requirement/gem-requirement.ts';
import { unusableRecord } from '../unusable-record.ts';

const word = z.string().regex(/^[A-Za-z0-9._-]{1,200}$/, 'a name without blanks');
const text = z.string().max(100_000);
const requirements = z
  .array(z.string().max(1_000))
  .max(1_000)
  .or(z.literal('').transform(() => []))
  .default([]);

const advisory = z.object({
  gem: word.optional(),
  engine: word.optional(),
  library: word.optional(),
  cve: z
    .string()
    .regex(/^[0-9]{4}-[0-9]{4,}$/, 'the number of a CVE id')
    .or(z.literal(''))
    .optional(),
  ghsa: z
    .string()
    .regex(/^[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}$/, 'the end of a GHSA id')
    .or(z.literal(''))
    .optional(),
  osvdb: z
    .string()
    .regex(/^[0-9]*$/, 'a number')
    .optional(),
  title: text.default(''),
  date: z.iso.date(),
  cvss_v2: text.optional(),
  cvss_v3: text.optional(),
  cvss_v4: text.optional(),
  unaffected_versions: requirements,
  patched_versions: requirements,
});

type Advisory = z.infer<typeof advisory>;

/**
 * One advisory of ruby-advisory-db, from parsed YAML whose values are texts (rubysec/ruby-advisory-db, README "Schema"). It
 * has no id of its own; the first of CVE, GHSA and OSVDB is it, and the gem tells apart what two files say about one id.
 * All versions that are neither patched nor unaffected are affected. Throws Failure E0202.
 */
export function parseRubysec(yaml: unknown, { name }: { readonly name: string }): AdvisoryRecord {
  const parsed = advisory.safeParse(yaml);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw unusableRecord(name, { why: `${issue?.path.join('.') || 'the record'}: ${issue?.message ?? ''}` });
  }
  const said = parsed.data;
  const subject = said.gem ?? said.library ?? said.engine;
  const [id, ...aliases] = idsOf(said);
  if (subject === undefined) throw unusableRecord(name, { why: 'it names neither a gem, a library nor an engine' });
  if (id === undefined) throw unusableRecord(name, { why: 'it has none of cve, ghsa and osvdb' });
  const since = startOfDay(said.date);
  return {
    id,
    source: `rubysec ${subject}`,
    aliases,
    summary: said.title.trim().slice(0, 300).toWellFormed(),
    published: since,
    modified: since ?? '1970-01-01T00:00:00Z',
    withdrawn: null,
    severities: severitiesOf(said),
    affected: [affectedOf(said, { subject, name })],
    exploitedSince: null,
    epss: null,
    malicious: /\bbackdoor\b|malicious code/i.test(said.title),
  };
}

function idsOf({ cve = '', ghsa = '', osvdb = '' }: Advisory): readonly string[] {
  return [
    ...(cve === '' ? [] : [`CVE-${cve}`]),
    ...(ghsa === '' ? [] : [`GHSA-${ghsa}`]),
    ...(osvdb === '' ? [] : [`OSVDB-${osvdb}`]),
  ];
}

/** Scores without vectors, taken over from NVD or GitHub without saying from which. */
function severitiesOf(said: Advisory): readonly Severity[] {
  const given = [
    ['CVSS_V4', said.cvss_v4],
    // Version 3.0 or 3.1 is not said.
    ['CVSS_V3.1', said.cvss_v3],
    ['CVSS_V2', said.cvss_v2],
  ] as const;
  return given.flatMap(([type, text = '']): readonly Severity[] => {
    const score = /^(?:[0-9](?:\.[0-9])?|\.[0-9]|10(?:\.0)?)$/.test(text) ? Number(text) : undefined;
    if (score === undefined) return [];
    return [{ source: 'nvd', type, vector: null, score, level: levelOf(score, type), provider: 'rubysec' }];
  });
}

/** What `rubies/` holds is about interpreters and their standard libraries, which are no gems. */
function affectedOf(
  said: Advisory,
  { subject, name }: { readonly subject: string; readonly name: string },
): AffectedPackage {
  return {
    package: said.gem === undefined ? `pkg:generic/${subject}` : `pkg:gem/${subject}`,
    stream: null,
    scheme: 'rubygems',
    ranges: affectedRanges([...said.patched_versions, ...said.unaffected_versions], name),
    versions: [],
  };
}

function affectedRanges(good: readonly string[], name: string): readonly AffectedRange[] {
  const intervals = good.flatMap((text): readonly Interval[] => {
    const read = gemRequirement(text);
    if (read === undefined) throw unusableRecord(name, { why: `versions: "${text.slice(0, 60)}" is no requirement` });
    return read;
  });
  return rangesOutside(intervals, gemOrder);
}
