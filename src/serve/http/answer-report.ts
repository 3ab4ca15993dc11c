import type { Context } from 'hono';
import { reportCsv, reportJson } from '../../views/report/report-json.ts';
import { csvText } from '../csv-text.ts';
import {
  lookUpReport,
  type ReportDeps,
  type ReportFacts,
  type ReportLookUp,
  type ReportWish,
} from '../look-up-report.ts';
import { type ProofDeps, provenFile } from '../proof/proven-file.ts';
import type { Frame } from './layout.ts';
import { layout } from './layout.ts';
import { reportForms, reportPage } from './report-page.ts';

export interface ReportPageDeps extends Pick<ReportDeps, 'now' | 'notice' | 'summary'> {
  readonly reports: ReportFacts & ProofDeps;
}

export interface ReportAsked {
  readonly deps: ReportPageDeps;
  readonly lookUp: ReportLookUp;
  readonly asOf: Temporal.Instant | null;
  readonly isJson: boolean;
  readonly frame: () => Promise<Omit<Frame, 'title'>>;
}

/** A period as a page, as JSON, as CSV, and as the file that proves itself, which is the only one with a script in it. */
export async function answerReport(c: Context, asked: ReportAsked): Promise<Response> {
  const [, period = '', form = ''] =
    /^(.{0,60}?)(\.json|\.csv|\.proof\.html)?$/.exec(c.req.param('period') ?? '') ?? [];
  const { lookUp, deps, asOf } = asked;
  const wish = { period, asOf, line: c.req.query('line') ?? null, whatIf: null, sample: sampleOf(c) };
  if (form === '.proof.html') return provenReport(c, deps, wish);
  const view = await lookUp(wish);
  if (form === '.csv') {
    const rows = view.rows.map((row) => reportCsv(row, view.sample));
    return c.body(csvText(rows), 200, { 'content-type': 'text/csv; charset=utf-8' });
  }
  if (asked.isJson) return c.json(reportJson(view));
  const frame = { ...(await asked.frame()), title: `The promise in ${period}`, here: 'report' as const };
  const { search } = new URL(c.req.url);
  return c.html(layout(frame, reportPage(view, frame.links, reportForms(period, search))));
}

async function provenReport(c: Context, deps: ReportPageDeps, wish: ReportWish): Promise<Response> {
  const text = await provenFile(await lookUpReport(wish, reportDeps(deps)), deps.reports);
  const name = `report-${wish.period.replaceAll(/[^\w.-]/g, '')}.html`;
  // To be kept and opened from a disk: what this server shows runs no script.
  return c.body(text, 200, {
    'content-type': 'text/html; charset=utf-8',
    'content-disposition': `attachment; filename="${name}"`,
  });
}

/** As a look-up takes them. */
export function reportDeps(deps: ReportPageDeps): ReportDeps {
  return { ...deps.reports, now: () => deps.now(), notice: deps.notice, summary: () => deps.summary() };
}

const SAMPLE_MAX = 1000;

function sampleOf(c: Context): ReportWish['sample'] {
  const size = Number(c.req.query('sample') ?? 'none');
  if (!Number.isInteger(size) || size < 1 || size > SAMPLE_MAX) return null;
  return { size, seed: (c.req.query('seed') ?? '1').slice(0, 100) };
}
