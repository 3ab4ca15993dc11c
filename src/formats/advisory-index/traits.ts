import type { AdvisoryRecord, AffectedPackage, Severity, SeverityLevel } from '../../core/match/advisory.ts';

/** What stands beside a verdict in the index; all else is the record's to tell. */
export interface StatementTraits {
  /** The highest that anybody gives this package, or else the record; which one counts towards a promise is a policy's. */
  readonly level: SeverityLevel | null;
  /** Why there is no fix. */
  readonly noFix: NonNullable<AffectedPackage['noFix']> | null;
  /** Only who pays gets the fix. */
  readonly isPaid: boolean;
  /** What stands beside versions and ranges may narrow it: only the whole record tells (`verdictOn()`). */
  readonly isPartial: boolean;
}

export interface RecordTraits {
  readonly malicious: boolean;
  readonly informational: NonNullable<AdvisoryRecord['informational']> | null;
}

export function statementTraits(record: AdvisoryRecord, affected: AffectedPackage): StatementTraits {
  return {
    level: highestLevel(affected.severities ?? []) ?? highestLevel(record.severities),
    noFix: affected.noFix ?? null,
    isPaid: affected.channel !== undefined,
    isPartial: (affected.imports ?? []).length + (affected.customRanges ?? []).length > 0,
  };
}

function highestLevel(severities: readonly Severity[]): SeverityLevel | null {
  return LEVELS.findLast((level) => severities.some((severity) => severity.level === level)) ?? null;
}

/** Orders in these lists are part of the format: new ones go to the end. */
const LEVELS = [null, 'low', 'medium', 'high', 'critical'] as const;
const NO_FIX = [null, 'postponed', 'no-notice', 'refused', 'unsupported'] as const;
const INFORMATIONAL = [null, 'unmaintained', 'unsound', 'notice'] as const;
const PAID = 64;
const PARTIAL = 128;

/** Eight bits. */
export function packStatement({ level, noFix, isPaid, isPartial }: StatementTraits): number {
  return LEVELS.indexOf(level) + NO_FIX.indexOf(noFix) * 8 + (isPaid ? PAID : 0) + (isPartial ? PARTIAL : 0);
}

export function unpackStatement(bits: number): StatementTraits {
  return {
    level: LEVELS[bits & 7] ?? null,
    noFix: NO_FIX[(bits >> 3) & 7] ?? null,
    isPaid: (bits & PAID) !== 0,
    isPartial: (bits & PARTIAL) !== 0,
  };
}

/** How many combinations there are of a record's. */
export const RECORD_TRAITS = 8;

export function packRecord({ malicious, informational }: AdvisoryRecord): number {
  return Number(malicious) + INFORMATIONAL.indexOf(informational ?? null) * 2;
}

export function unpackRecord(bits: number): RecordTraits {
  return { malicious: (bits & 1) !== 0, informational: INFORMATIONAL[bits >> 1] ?? null };
}
