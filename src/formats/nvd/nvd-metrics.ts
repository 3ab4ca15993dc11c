import * as z from 'zod';
import type { Severity } from '../../core/match/advisory.ts';
import { levelOf, rateCvss } from '../osv/rate-cvss.ts';

const metric = z.object({
  source: z.string().max(1_000),
  type: z.string().max(100),
  cvssData: z.object({ vectorString: z.string().max(1_000), baseScore: z.number().min(0).max(10) }),
});

const list = z.array(metric).max(100).default([]);

export const metrics = z.object({
  cvssMetricV40: list,
  cvssMetricV31: list,
  cvssMetricV30: list,
  cvssMetricV2: list,
});

type Metrics = z.infer<typeof metrics>;

/** CISA's "vulnrichment", which adds to CVE records; NVD names it by its organisation id. */
const CISA_ADP = '134c704f-9b21-4f2e-91b3-4a467353bcc0';

/** All ratings with who gave them: NVD itself, the authority that assigned the id, CISA, or others under `other`. */
export function severitiesOf(found: Metrics, assigner: string): readonly Severity[] {
  const lists = [
    ['CVSS_V4', found.cvssMetricV40],
    ['CVSS_V3.1', found.cvssMetricV31],
    ['CVSS_V3.0', found.cvssMetricV30],
    ['CVSS_V2', found.cvssMetricV2],
  ] as const;
  return lists.flatMap(([type, rated]) => rated.map((each) => severityOf(type, each, raterOf(each.source, assigner))));
}

function severityOf(type: Exclude<Severity['type'], 'label'>, given: z.infer<typeof metric>, source: string): Severity {
  const { vectorString: vector, baseScore: score } = given.cvssData;
  const rank = given.type === 'Primary' ? 'primary' : given.type === 'Secondary' ? 'secondary' : undefined;
  // What the vector gives counts; the score that stands beside it only where the vector cannot be read.
  const rated = rateCvss(vector, source) ?? { source, type, vector: null, score, level: levelOf(score, type) };
  return { ...rated, provider: given.source.toWellFormed(), ...(rank !== undefined && { rank }) };
}

function raterOf(provider: string, assigner: string): string {
  if (provider === 'nvd@nist.gov') return 'nvd';
  if (provider === CISA_ADP) return 'cisa-adp';
  return provider === assigner ? 'cna' : 'other';
}
