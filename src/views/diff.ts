import type { DigestInLine } from './digest.ts';
import type { PackageChanges } from './packages.ts';
import { packageChanges } from './packages.ts';
import type { Row } from './row.ts';

/** What changed from one digest of a line to another. */
export interface DiffView {
  readonly notice: string | null;
  readonly before: DiffSide;
  readonly after: DiffSide;
  readonly changes: PackageChanges;
  /** Held before, not after. */
  readonly fixed: readonly Row[];
  /** Held after, not before. */
  readonly introduced: readonly Row[];
  /** Held by both. */
  readonly stillOpen: readonly Row[];
  readonly same: boolean;
}

export interface DiffSide {
  readonly digest: string;
  readonly line: string;
  readonly publishedAt: Temporal.Instant | null;
  readonly reason: string | null;
}

export function diffView(before: DigestInLine, after: DigestInLine, notice: string | null = null): DiffView {
  const held = { before: rowsOf(before), after: rowsOf(after) };
  const keys = { before: keysOf(held.before), after: keysOf(held.after) };
  return {
    notice,
    before: side(before),
    after: side(after),
    changes: packageChanges(before.packages, after.packages),
    fixed: held.before.filter((row) => !keys.after.has(row.vulnerability)),
    introduced: held.after.filter((row) => !keys.before.has(row.vulnerability)),
    stillOpen: held.after.filter((row) => keys.before.has(row.vulnerability)),
    same: before.digest === after.digest,
  };
}

function rowsOf(view: DigestInLine): readonly Row[] {
  return [...view.missedFixes, ...view.stillOpen];
}

/** By vulnerability, so that two lines can be compared as well. */
function keysOf(rows: readonly Row[]): ReadonlySet<string> {
  return new Set(rows.map((row) => row.vulnerability));
}

function side(view: DigestInLine): DiffSide {
  const { digest, line, publishedAt, reason } = view;
  return { digest, line, publishedAt, reason };
}
