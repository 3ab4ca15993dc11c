import cvss from 'ae-cvss-calculator';
import type { Severity, SeverityLevel } from '../../core/match/advisory.ts';

/**
 * A CVSS vector with its score and level; undefined when it is no complete vector. Versions 3 and 4 in FIRST's own
 * bands, version 2 in NVD's, which know no "critical"; a score of 0 counts as low.
 */
export function rateCvss(vector: string, source: string): Severity | undefined {
  const version = VERSIONS.find(({ prefix }) => vector.startsWith(prefix));
  if (version === undefined || !isComplete(vector, version.metrics)) return undefined;
  const score = scoreOf(version.type, vector);
  if (score === undefined) return undefined;
  return { source, type: version.type, vector, score, level: levelOf(score, version.type) };
}

type CvssType = Exclude<Severity['type'], 'label'>;

const V3_METRICS = ['AV', 'AC', 'PR', 'UI', 'S', 'C', 'I', 'A'];

/** Version 2 has no prefix of its own and stands last. */
const VERSIONS: readonly { readonly type: CvssType; readonly prefix: string; readonly metrics: readonly string[] }[] = [
  {
    type: 'CVSS_V4',
    prefix: 'CVSS:4.0/',
    metrics: ['AV', 'AC', 'AT', 'PR', 'UI', 'VC', 'VI', 'VA', 'SC', 'SI', 'SA'],
  },
  { type: 'CVSS_V3.1', prefix: 'CVSS:3.1/', metrics: V3_METRICS },
  { type: 'CVSS_V3.0', prefix: 'CVSS:3.0/', metrics: V3_METRICS },
  { type: 'CVSS_V2', prefix: 'AV:', metrics: ['AV', 'AC', 'Au', 'C', 'I', 'A'] },
];

/** The calculator scores what is missing as "not defined"; a base vector must have all of its metrics. */
function isComplete(vector: string, metrics: readonly string[]): boolean {
  const given = new Set(vector.split('/').map((part) => part.split(':')[0]));
  return metrics.every((metric) => given.has(metric));
}

/** The base score; version 4 has one score, which threat metrics may lower. */
function scoreOf(type: CvssType, vector: string): number | undefined {
  try {
    switch (type) {
      case 'CVSS_V2':
        return new cvss.Cvss2(vector).calculateScores().base;
      case 'CVSS_V3.0':
        return new cvss.Cvss3P0(vector).calculateScores().base;
      case 'CVSS_V3.1':
        return new cvss.Cvss3P1(vector).calculateScores().base;
      case 'CVSS_V4':
        return new cvss.Cvss4P0(vector).calculateScores().overall;
    }
  } catch {
    return undefined;
  }
}

/** The band of a score; version 2 has no "critical". */
export function levelOf(score: number, type: CvssType): SeverityLevel {
  if (score >= 9 && type !== 'CVSS_V2') return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
}
