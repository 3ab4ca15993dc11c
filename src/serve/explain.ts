import type { Account } from '../views/account.ts';
import type { AdvisoryView } from '../views/advisory.ts';
import { type CodeView, codeView } from '../views/code.ts';
import type { DigestView } from '../views/digest.ts';
import type { LineView } from '../views/line.ts';
import { standsAs } from '../views/figure.ts';
import { subjectOf } from '../views/subject.ts';
import type { VulnerabilityView } from '../views/vulnerability.ts';
import { type AccountDeps, lookUpFact, lookUpFigure, lookUpUpstream } from './look-up-account.ts';
import { lookUpAdvisory, lookUpDigest, lookUpLine, lookUpVulnerability } from './look-up.ts';

/** An id explained, or what it was taken for when nothing is known about it. */
export type Explanation =
  | { readonly kind: 'vulnerability'; readonly view: VulnerabilityView }
  | { readonly kind: 'advisory'; readonly view: AdvisoryView }
  | { readonly kind: 'obligation'; readonly view: VulnerabilityView }
  | { readonly kind: 'line'; readonly view: LineView }
  | { readonly kind: 'digest'; readonly view: DigestView }
  | { readonly kind: 'account'; readonly view: Account }
  | { readonly kind: 'code'; readonly view: CodeView }
  | {
      readonly kind: 'unknown';
      readonly id: string;
      readonly takenFor: string;
      /** The number that stands where another was asked for. */
      readonly instead?: string;
    };

/**
 * Explains anything that has an id or a name: a vulnerability, an obligation, a row, a line, a digest, a fact, a figure of the board,
 * an upstream, recipe or package, an error code.
 */
export async function explain(id: string, asOf: Temporal.Instant | null, deps: AccountDeps): Promise<Explanation> {
  const subject = subjectOf(id);
  const unknown: Explanation = { kind: 'unknown', id, takenFor: subject.kind };
  switch (subject.kind) {
    case 'code':
      return { kind: 'code', view: codeView(subject.code) };
    case 'digest':
      return known('digest', await lookUpDigest(subject.digest, asOf, deps)) ?? unknown;
    case 'line':
      return known('line', await lookUpLine(subject.line, asOf, deps)) ?? unknown;
    case 'obligation':
      return (
        known('obligation', await lookUpVulnerability({ id: subject.id }, asOf, deps)) ??
        known('account', await lookUpFact({ id: subject.id }, asOf, deps)) ??
        unknown
      );
    case 'row': {
      const { vulnerability, line } = subject;
      return known('obligation', await lookUpVulnerability({ vulnerability, line }, asOf, deps)) ?? unknown;
    }
    case 'fact':
      return known('account', await lookUpFact({ seq: subject.seq }, asOf, deps)) ?? unknown;
    case 'figure': {
      const view = await lookUpFigure(subject.figure, asOf, deps);
      return standsAs(subject.asked, view) ? { kind: 'account', view } : { ...unknown, instead: view.title };
    }
    case 'upstream':
      return known('account', await lookUpUpstream(subject.purl, asOf, deps)) ?? unknown;
    case 'vulnerability':
      return (
        known('vulnerability', await lookUpVulnerability({ vulnerability: subject.id }, asOf, deps)) ??
        known('advisory', await lookUpAdvisory(subject.id, asOf, deps)) ??
        known('account', await lookUpUpstream(subject.id, asOf, deps)) ??
        unknown
      );
  }
}

function known<Kind, View>(kind: Kind, view: View | undefined): { kind: Kind; view: View } | undefined {
  return view === undefined ? undefined : { kind, view };
}
