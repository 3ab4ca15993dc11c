import { clockJson } from '../status-json.ts';
import type { AdoptedPolicy } from './policies.ts';
import type { ReportRow } from './report-row.ts';
import type { ReportView, WhatIf } from './report.ts';

/** The report as JSON, `suture/report/1`: every figure with its denominator, every row. Additive within the major. */
export function reportJson(view: ReportView): Readonly<Record<string, unknown>> {
  const { question, population, policies } = view;
  return {
    schema: 'suture/report/1',
    // No other time than the one that was asked for: the same facts give the same bytes.
    generatedAt: question.asOf,
    dataAsOf: question.asOf,
    summary: { ...view.shares.counts.all, population: population.count },
    id: view.id,
    method: view.method,
    notice: question.notice,
    catalog: question.catalog,
    period: question.period,
    line: question.line,
    ledger: view.head,
    policies: {
      inForce: policyJson(policies.inForce),
      wasAdopted: policies.wasAdopted,
      atBegin: policyJson(policies.atBegin),
      changes: policies.changes.map(policyJson),
    },
    exclusions: view.exclusions,
    population,
    shares: view.shares,
    fixTimes: view.fixTimes.map(({ about, survival, atRisk }) => ({ about, ...survival, atRisk })),
    stages: view.stages,
    corrections: view.corrections.map(({ fact, changed }) => ({
      seq: fact.seq,
      type: fact.type,
      recordedAt: fact.recordedAt,
      reason: fact.payload.reason,
      changed,
    })),
    sample: view.sample,
    whatIf: view.whatIf === null ? null : whatIfJson(view.whatIf),
    items: view.rows.map(rowJson),
    next: 'suture report --format html --output report.html',
  };
}

function policyJson({ name, digest, from, promise, seq }: AdoptedPolicy) {
  return { name, digest, from, promise, fact: seq };
}

function whatIfJson({ name, population, shares, changed }: WhatIf) {
  return {
    policy: name,
    notPromised: true,
    population,
    shares,
    changed: changed.map(({ row: { id, vulnerability, line, standing, clock }, ...asIf }) => ({
      id,
      vulnerability,
      line,
      promised: { standing, marginSeconds: clock.marginSeconds },
      asIf,
    })),
  };
}

function rowJson(row: ReportRow) {
  const { clock, clocks, severity, severityBy, ...rest } = row;
  return {
    ...rest,
    severity: { level: severity, by: severityBy },
    clock: clockJson(clock),
    clocks: { release: clockJson(clocks.release), releaseAndKnown: clockJson(clocks.releaseAndKnown) },
  };
}

/** One obligation in a flat line, for CSV. */
export function reportCsv(row: ReportRow, sample: ReportView['sample']): Readonly<Record<string, unknown>> {
  const drawn = sample?.ids.indexOf(row.id) ?? -1;
  return {
    id: row.id,
    standing: row.standing,
    vulnerability: row.vulnerability,
    line: row.line,
    severity: row.severity,
    exploited: row.exploited,
    start: row.clock.t0?.toString() ?? null,
    deadline: row.clock.due?.toString() ?? null,
    stop: row.clock.t1?.toString() ?? null,
    missed_at: row.clock.missedAt?.toString() ?? null,
    margin_seconds: row.clock.marginSeconds,
    known_start: row.clocks.releaseAndKnown.t0?.toString() ?? null,
    known_margin_seconds: row.clocks.releaseAndKnown.marginSeconds,
    discovered: row.discoveredAt.toString(),
    ended: row.endedAt?.toString() ?? null,
    fixes: row.fixes.join(' '),
    cause: row.cause,
    waived_by: row.waiver?.approver ?? null,
    waived_until: row.waiver?.until.toString() ?? null,
    sample: drawn < 0 ? null : drawn + 1,
  };
}
