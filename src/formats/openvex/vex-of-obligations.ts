import type { HeldPackage, Statement } from '../../core/fact.ts';
import { isOpen, type Obligation } from '../../core/promise/standing.ts';
import { justifications, type Justification, type VexEntry, type VexStatus } from './encode-openvex.ts';

/** What else is known when a line speaks of its obligations. */
export interface LineWord {
  readonly statements: readonly Statement[];
  /** Packages that the line keeps newer versions out of. */
  readonly held: readonly HeldPackage[];
  readonly now: Temporal.Instant;
  /** The components that an obligation is about. */
  readonly purlsOf: (obligation: Obligation) => readonly string[];
}

/**
 * What the obligations of a line say about the image that it holds now. Withdrawn vulnerabilities are left out: there is
 * nothing to say about them.
 */
export function vexOfObligations(
  obligations: readonly Obligation[],
  { statements, purlsOf, ...holding }: LineWord,
): readonly VexEntry[] {
  const stated = new Map(statements.map((statement) => [`${statement.vulnerability}\0${statement.line}`, statement]));
  return obligations.flatMap((obligation) => {
    const statement = [obligation.vulnerability, ...obligation.aliases]
      .map((id) => stated.get(`${id}\0${obligation.line}`))
      .find((one) => one !== undefined);
    const status = statusOf(obligation, statement, heldText(obligation, holding));
    if (status === undefined) return [];
    const { vulnerability, aliases, standing } = obligation;
    const due = isOpen(standing) ? obligation.clock.due : null;
    return [{ vulnerability, aliases, components: purlsOf(obligation), standing, due, ...status }];
  });
}

function statusOf(obligation: Obligation, statement: Statement | undefined, held: string): VexStatus | undefined {
  const { due, t1 } = obligation.clock;
  switch (obligation.standing) {
    case 'void':
      return undefined;
    case 'met':
    case 'fixed-early':
      return { status: 'fixed' };
    case 'missed':
      // A deadline stays missed whatever ended it; what ended it says how things are.
      if (statement !== undefined) return notAffected(statement);
      // Missed and never fixed: the line is no longer covered, or the record no longer says so.
      return t1 === null ? affected('No further deadline is promised.') : { status: 'fixed' };
    case 'not-affected':
      return statement === undefined ? { status: 'under_investigation' } : notAffected(statement);
    case 'waiting':
      if (obligation.severity.by === null) return { status: 'under_investigation' };
      return affected(
        held === ''
          ? 'No release that fixes it is available yet; the image is rebuilt once there is one.'
          : `No release that fixes it is available yet.${held}`,
      );
    case 'on-track':
      return affected(`A fixed image is due by ${textOf(due)}; pull the tag again then.${held}`);
    case 'overdue':
      return affected(`A fixed image was due by ${textOf(due)} and is late.${held}`);
    case 'excluded':
      return affected(`Agreed exclusion: ${obligation.waiver?.reason ?? 'no reason given'}.`);
    case 'not-covered':
      return affected('No deadline is promised for this line.');
  }
}

/** Nobody is promised a rebuild that a hold keeps off: which hold it is, and what it keeps off. Begins with a space. */
function heldText({ claims, hold }: Obligation, { held, now }: Pick<LineWord, 'held' | 'now'>): string {
  const packages = new Set(claims.flatMap((claim) => claim.packages));
  const bounds = held.filter(({ name }) => packages.has(name)).map(({ name, bound }) => `${name}${bound}`);
  const parts = [
    ...(bounds.length === 0
      ? []
      : [
          ` The line is held at ${bounds.join(', ')}: a release outside of that is not taken before a person lifts it.`,
        ]),
    ...(hold === null || Temporal.Instant.compare(now, hold.until) >= 0
      ? []
      : [` On hold until ${textOf(hold.until)}: ${hold.reason}.`]),
  ];
  return parts.join('');
}

function affected(action: string): VexStatus {
  return { status: 'affected', action };
}

function notAffected(statement: Statement): VexStatus {
  const justification = justifications.find((label) => label === statement.justification);
  return justification === undefined
    ? { status: 'under_investigation' }
    : { status: 'not_affected', justification: justification satisfies Justification, impact: statement.impact };
}

function textOf(instant: Temporal.Instant | null): string {
  return instant === null ? 'an unknown time' : instant.toString({ smallestUnit: 'second' });
}
