import * as z from 'zod';
import type { Failure } from '../../core/failure.ts';
import type { AdvisoryRecord, CpeConfiguration } from '../../core/match/advisory.ts';
import { gunzip } from '../gzip/gunzip.ts';
import { parseFeedJson } from '../feed-json.ts';
import { instantOf } from '../osv/instant-of.ts';
import { unusableRecord } from '../unusable-record.ts';
import { metrics, severitiesOf } from './nvd-metrics.ts';

/** A year of records, unpacked. */
const BYTES_MAX = 512 * 2 ** 20;

const page = z.object({ format: z.literal('NVD_CVE'), vulnerabilities: z.array(z.unknown()).max(400_000) });

const version = z.string().max(1_000).optional();
const operator = z.enum(['AND', 'OR']);

const match = z.object({
  vulnerable: z.boolean(),
  criteria: z.string().max(2_000).startsWith('cpe:2.3:', 'a CPE 2.3 name'),
  versionStartIncluding: version,
  versionStartExcluding: version,
  versionEndIncluding: version,
  versionEndExcluding: version,
});

const node = z.object({
  operator: operator.default('OR'),
  negate: z.boolean().default(false),
  cpeMatch: z.array(match).max(20_000),
});

const configuration = z.object({
  operator: operator.default('OR'),
  negate: z.boolean().default(false),
  nodes: z.array(node).max(1_000),
});

const entry = z.object({
  cve: z.object({
    id: z.string().regex(/^CVE-[0-9]{4}-[0-9]{4,19}$/, 'a CVE id'),
    sourceIdentifier: z.string().max(1_000).default(''),
    published: z.string().max(100),
    lastModified: z.string().max(100),
    vulnStatus: z.string().max(100).default(''),
    descriptions: z
      .array(z.object({ lang: z.string(), value: z.string().max(1_000_000) }))
      .max(100)
      .default([]),
    metrics: metrics.prefault({}),
    configurations: z.array(configuration).max(1_000).default([]),
  }),
});

export interface NvdPage {
  readonly records: readonly AdvisoryRecord[];
  /** Entries that are none. */
  readonly problems: readonly Failure[];
}

/**
 * A page or a year of CVE records as NVD publishes them, plain or gzip (NVD CVE API 2.0). What they say is affected stays
 * in CPEs, for those name products and no packages. Rejected is withdrawn. Throws Failure E0202, E0205 or E0404 when it is
 * no such page.
 */
export function parseNvd(bytes: Uint8Array, { name }: { readonly name: string }): NvdPage {
  const plain = bytes[0] === 0x1f ? gunzip(bytes, { what: name, outputBytesMax: BYTES_MAX }) : bytes;
  const parsed = page.safeParse(parseFeedJson(plain, name));
  if (!parsed.success) throw unusableRecord(name, { why: 'it is no page of NVD CVE records, version 2.0' });
  const problems: Failure[] = [];
  const records = parsed.data.vulnerabilities.flatMap((each, index) => {
    const read = entry.safeParse(each);
    const at = `${name}: vulnerabilities[${index}]`;
    if (read.success) {
      const modified = utc(read.data.cve.lastModified);
      if (modified !== null) return [recordOf(read.data.cve, modified)];
    }
    const issue = read.error?.issues[0];
    const why =
      issue === undefined ? 'lastModified is no date' : `${issue.path.map(String).join('.')}: ${issue.message}`;
    problems.push(unusableRecord(name, { at, why }));
    return [];
  });
  return { records, problems };
}

type Cve = z.infer<typeof entry>['cve'];

function recordOf(cve: Cve, modified: string): AdvisoryRecord {
  return {
    id: cve.id,
    source: 'nvd',
    aliases: [],
    summary: summaryOf(cve),
    published: utc(cve.published),
    modified,
    withdrawn: cve.vulnStatus === 'Rejected' ? modified : null,
    severities: severitiesOf(cve.metrics, cve.sourceIdentifier),
    affected: [],
    exploitedSince: null,
    epss: null,
    malicious: false,
    ...(cve.configurations.length > 0 && { cpe: cve.configurations.map(configurationOf) }),
  };
}

/** NVD's dates are in UTC without saying so. */
function utc(text: string): string | null {
  return instantOf(/(?:Z|[+-][0-9]{2}:?[0-9]{2})$/.test(text) ? text : `${text}Z`);
}

function summaryOf({ descriptions }: Cve): string {
  const text = descriptions.find(({ lang }) => lang === 'en')?.value.trim() ?? '';
  return (text.length > 300 ? `${text.slice(0, 299)}…` : text).toWellFormed();
}

function configurationOf({ operator, negate, nodes }: z.infer<typeof configuration>): CpeConfiguration {
  return {
    operator,
    negate,
    nodes: nodes.map((each) => ({
      operator: each.operator,
      negate: each.negate,
      matches: each.cpeMatch.map((one) => ({
        cpe: one.criteria.toWellFormed(),
        vulnerable: one.vulnerable,
        startIncluding: one.versionStartIncluding?.toWellFormed() ?? null,
        startExcluding: one.versionStartExcluding?.toWellFormed() ?? null,
        endIncluding: one.versionEndIncluding?.toWellFormed() ?? null,
        endExcluding: one.versionEndExcluding?.toWellFormed() ?? null,
      })),
    })),
  };
}
