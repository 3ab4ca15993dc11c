import { isValidVersion } from '../version/compare.ts';
import { isPseudoVersion } from '../version/go.ts';
import type { AdvisoryRecord, AffectedPackage, AffectedRange } from './advisory.ts';
import type { ComponentVerdict, VerdictOptions, VerdictReason } from './component-verdict.ts';
import type { Judged } from './judge-statements.ts';

interface Said {
  readonly component: Judged;
  readonly record: Pick<AdvisoryRecord, 'id' | 'source' | 'withdrawn'>;
  readonly statement: AffectedPackage;
  readonly verdict: ComponentVerdict['verdict'];
  readonly because: VerdictReason;
  readonly options: VerdictOptions;
}

/** Why, as a sentence that names both sides of the comparison. */
export function verdictWords(said: Said): string {
  const { component, record, statement, because, options } = said;
  const { version } = component;
  const order = `in ${statement.scheme} order`;
  switch (because.kind) {
    case 'range':
      return said.verdict === 'indeterminate'
        ? `${version} cannot be held against ${boundsOf(because.range)}: ${placeless(said)}`
        : `${version} ${insideWords(because.range, order)}${fixWords(statement, because.range, options)}`;
    case 'named':
      return `${version} is named as affected`;
    case 'stated':
      return statement.verdict === 'undetermined'
        ? `${record.source} has not determined whether it is affected`
        : `${record.source} says outright that it is not affected`;
    case 'outside':
      return because.side === 'unnamed'
        ? `${version} is none of the versions that are named`
        : `${version} is ${outsideWords(because)} ${order}${isAlone(statement) ? '' : ', and in no other range'}`;
    case 'unread':
      return `${version} is in no range that is read here, and ${because.ranges} more are of a kind that is not`;
    case 'elsewhere':
      return `only ${systems(statement)} are affected, and this is ${[options.os, options.architecture].filter((word) => word !== undefined).join('/')}`;
    case 'not-linked':
      return `present but not linked: none of ${paths(statement)} is in the program`;
    case 'withdrawn':
      return `${record.source} withdrew ${record.id} at ${record.withdrawn ?? ''}`;
  }
}

/** What kept a range from deciding: the version, a bound, or a commit that has no number beside those of releases. */
function placeless({ component: { version }, statement: { scheme } }: Said): string {
  if (!isValidVersion(scheme, version)) return `it has no place in ${scheme} order`;
  return isPseudoVersion(version)
    ? 'a commit of a module without tags has no place among its releases'
    : `a bound has no place in ${scheme} order`;
}

function boundsOf({ introduced, fixed, lastAffected }: AffectedRange): string {
  return [introduced, fixed, lastAffected].filter((bound) => bound !== null && bound !== '0').join(' and ');
}

function insideWords({ introduced, fixed, lastAffected }: AffectedRange, order: string): string {
  const parts = [
    introduced === '0' ? '' : `at or above ${introduced}`,
    fixed === null ? '' : `below ${fixed}`,
    lastAffected === null ? '' : `at or below ${lastAffected}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'is affected as every version is' : `is ${parts.join(' and ')} ${order}`;
}

function isAlone({ ranges, customRanges = [] }: AffectedPackage): boolean {
  return ranges.length + customRanges.length < 2;
}

function outsideWords({ side, range }: Extract<VerdictReason, { range: AffectedRange; kind: 'outside' }>): string {
  switch (side) {
    case 'fixed':
      return `at or above the fix ${range.fixed ?? ''}`;
    case 'above':
      return `above ${range.lastAffected ?? ''}, the last that is affected,`;
    case 'below':
      return `below ${range.introduced}`;
  }
}

function fixWords({ noFix, channel }: AffectedPackage, { fixed }: AffectedRange, options: VerdictOptions): string {
  if (noFix !== undefined) return `; no fix: ${NO_FIX[noFix]}`;
  const isPaid = channel !== undefined && fixed !== null && options.paidChannels?.includes(channel) !== true;
  return isPaid ? `; ${fixed} is only for those who pay for ${channel}` : '';
}

const NO_FIX = {
  postponed: 'put off',
  'no-notice': 'left to the next release',
  refused: 'decided against',
  unsupported: 'support has ended',
} as const;

function systems({ imports = [] }: AffectedPackage): string {
  return [...new Set(imports.flatMap(({ os, architectures }) => [...os, ...architectures]))].join(', ');
}

function paths({ imports = [] }: AffectedPackage): string {
  return imports.map(({ path }) => path).join(', ');
}
