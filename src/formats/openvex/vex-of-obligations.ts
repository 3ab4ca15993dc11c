import type { Statement } from '../../core/fact.ts';
import { isOpen, type Obligation } from '../../core/promise/standing.ts';
import { justifications, type Justification, type VexEntry, type VexStatus } from './encode-openvex.ts';

/**
 * What the obligations of a line say about the image that it holds now. `purlsOf` names the components that an
 * obligation is about. Withdrawn vulnerabilities are left out: there is nothing to say about them.
 */
export function vexOfObligations(
  obligations: readonly Obligation[],
  statements: readonly Statement[],
  purlsOf: (obligation: Obligation) => readonly string[],
): readonly VexEntry[] {
  const stated = new Map(statements.map((statement) => [`${statement.vulnerability}\0${statement.line}`, statement]));
  return obligations.flatMap((obligation) => {
    const statement = [obligation.vulnerability, ...obligation.aliases]
      .map((id) => stated.get(`${id}\0${obligation.line}`))
      .find((one) => one !== undefined);
    const status = statusOf(obligation, statement);
    if (status === undefined) return [];
    const { vulnerability, aliases, standing } = obligation;
    const due = isOpen(standing) ? obligation.clock.due : null;
    return [{ vulnerability, aliases, components: purlsOf(obligation), standing, due, ...status }];
  });
}

function statusOf(obligation: Obligation, statement: Statement | undefined): VexStatus | undefined {
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
      return affected('No release that fixes it is available yet; the image is rebuilt once there is one.');
    case 'on-track':
      return affected(`A fixed image is due by ${textOf(due)}; pull the tag again then.`);
    case 'overdue':
      return affected(`A fixed image was due by ${textOf(due)} and is late.`);
    case 'excluded':
      return affected(`Agreed exclusion: ${obligation.waiver?.reason ?? 'no reason given'}.`);
    case 'not-covered':
      return affected('No deadline is promised for this line.');
  }
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
