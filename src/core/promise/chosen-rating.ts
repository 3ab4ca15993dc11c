import type { RecordWords, Severity } from '../match/advisory.ts';
import type { Policy } from './policy.ts';

/** A rating with where it stands. */
export interface GivenRating {
  readonly severity: Severity;
  readonly record: Pick<RecordWords, 'id' | 'source'>;
  /** Given to this package alone; null: to the vulnerability. */
  readonly package: string | null;
}

export interface ChosenRating {
  /** Null: nobody rates, and the policy's `unscored` counts. */
  readonly by: GivenRating | null;
  readonly level: Severity['level'];
  /** Why this one, as a sentence. */
  readonly why: string;
  /** All others, none dropped: in the order in which they would have counted, those that count in no policy last. */
  readonly others: readonly GivenRating[];
}

export interface RatingRule {
  readonly policy: Pick<Policy, 'severity' | 'promise'>;
  /** Purls without version: what a distribution says of its own package counts before what it says of all. */
  readonly packages?: readonly string[];
  /** Whose order `policy.severity.sources` is, where it is not the policy's own: `the order of --severity-source`. */
  readonly order?: string;
  /** Where NVD's own rating is a level or more above the chosen one, take NVD's: for contracts that say so. */
  readonly highestOfDisagreement?: boolean;
}

/**
 * The rating that counts: of the first source in the policy's order that rates; within one source that of a distribution
 * for its own package, then the newest system, then the strictest. Nothing is recomputed: a rating is what its source said.
 */
export function chosenRating(records: readonly RecordWords[], rule: RatingRule): ChosenRating {
  const ordered = ratingsIn(records, rule).toSorted((a, b) => compareRatings(a, b, rule));
  const first = chosenOf(records, rule);
  const { unscored, sources } = rule.policy.severity;
  if (first === null) {
    const asked = rule.order === undefined ? 'whom the policy asks' : `in ${rule.order}`;
    const why = `nobody ${asked} (${sources.join(', ')}) rates it, and then it counts as ${unscored}`;
    return { by: null, level: unscored, why, others: ordered };
  }
  const nvd = rule.highestOfDisagreement === true ? stricterOfNvd(ordered, first) : undefined;
  const by = nvd ?? first;
  const others = ordered.filter((each) => each !== by && !isSame(each, by));
  return {
    by,
    level: by.severity.level,
    why: nvd === undefined ? whyFirst(by, { others, rule }) : whyNvd(nvd, first),
    others,
  };
}

/** Only which one counts. */
export function chosenOf(records: readonly RecordWords[], rule: RatingRule): GivenRating | null {
  let first: GivenRating | null = null;
  for (const each of ratingsIn(records, rule)) {
    if (!rule.policy.severity.sources.includes(each.severity.source)) continue;
    if (first === null || compareRatings(each, first, rule) < 0) first = each;
  }
  return first;
}

function ratingsIn(records: readonly RecordWords[], { packages = [] }: RatingRule): readonly GivenRating[] {
  return records.flatMap((record) => [
    ...record.severities.map((severity) => ({ severity, record, package: null })),
    ...record.affected
      .filter((affected) => packages.includes(affected.package))
      .flatMap(({ package: name, severities = [] }) =>
        severities.map((severity) => ({ severity, record, package: name })),
      ),
  ]);
}

/** Within one source the newer system wins; a bare word comes last. */
const SYSTEMS: readonly Severity['type'][] = ['CVSS_V4', 'CVSS_V3.1', 'CVSS_V3.0', 'CVSS_V2', 'label'];

function compareRatings(a: GivenRating, b: GivenRating, { policy: { severity, promise } }: RatingRule): number {
  const place = ({ severity: { source } }: GivenRating): number => {
    const at = severity.sources.indexOf(source);
    return at < 0 ? severity.sources.length : at;
  };
  return (
    place(a) - place(b) ||
    Number(isOfDistribution(b)) - Number(isOfDistribution(a)) ||
    SYSTEMS.indexOf(a.severity.type) - SYSTEMS.indexOf(b.severity.type) ||
    promise[a.severity.level] - promise[b.severity.level] ||
    score(b.severity) - score(a.severity)
  );
}

/** A distribution's word about its own package. */
function isOfDistribution({ package: name, severity: { source } }: GivenRating): boolean {
  return source === 'vendor' && name !== null && /^pkg:(?:apk|deb|rpm)\//.test(name);
}

function stricterOfNvd(ordered: readonly GivenRating[], first: GivenRating): GivenRating | undefined {
  return ordered.find(
    ({ severity: { source, rank, level } }) =>
      source === 'nvd' && rank !== 'secondary' && LEVELS.indexOf(level) > LEVELS.indexOf(first.severity.level),
  );
}

const LEVELS: readonly Severity['level'][] = ['low', 'medium', 'high', 'critical'];

function isSame(a: GivenRating, b: GivenRating): boolean {
  return a.severity === b.severity && a.package === b.package && a.record === b.record;
}

function whyFirst(
  by: GivenRating,
  { others, rule }: { readonly others: readonly GivenRating[]; readonly rule: RatingRule },
): string {
  const ofSource = others.filter(({ severity }) => severity.source === by.severity.source).length;
  const order =
    rule.order === undefined ? "the policy's order" : `${rule.order} (${rule.policy.severity.sources.join(', ')})`;
  const alone = isOfDistribution(by) ? `; for ${by.package ?? ''} alone, which counts before what it says of all` : '';
  const among = ofSource > 0 && alone === '' ? ', by its newest system and there the strictest' : '';
  return `${ratingWords(by)} is of the first source in ${order} that rates${among}${alone}`;
}

function whyNvd(nvd: GivenRating, first: GivenRating): string {
  return `${ratingWords(nvd)} is a level above ${ratingWords(first)}, and the contract takes the higher one`;
}

/** `vendor (debian) high 8.1`. */
export function ratingWords({ severity: { source, provider, level, score: given } }: GivenRating): string {
  const who = provider === undefined ? source : `${source} (${provider})`;
  return given === null ? `${who} ${level}` : `${who} ${level} ${given.toFixed(1)}`;
}

function score(severity: Severity): number {
  return severity.score ?? 0;
}
