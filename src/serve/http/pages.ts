import { Hono } from 'hono';
import type { Context } from 'hono';
import { Failure } from '../../core/failure.ts';
import { type Health, healthView } from '../../views/health.ts';
import { metrics } from '../../views/metrics.ts';
import { statusJson } from '../../views/status-json.ts';
import { subjectOf } from '../../views/subject.ts';
import type { AccountDeps } from '../look-up-account.ts';
import { explain } from '../explain.ts';
import { lookUpBoard } from '../look-up-board.ts';
import { reportLookUp, type ReportFacts, type ReportLookUp } from '../look-up-report.ts';
import type { LookUpDeps } from '../look-up.ts';
import { lookUpDigest, lookUpLine, lookUpVulnerability, lookUpAdvisory } from '../look-up.ts';
import type { AdvisoryView } from '../../views/advisory.ts';
import type { VulnerabilityView } from '../../views/vulnerability.ts';
import { advisoryPage } from './advisory-page.ts';
import { accountPage } from './account-page.ts';
import type { ProofDeps } from '../proof/proven-file.ts';
import { boardPage } from './board-page.ts';
import { codePage } from './code-page.ts';
import { digestPage } from './digest-page.ts';
import type { ErrorView } from './error-page.ts';
import { errorPage } from './error-page.ts';
import type { Frame } from './layout.ts';
import { layout } from './layout.ts';
import { linePage } from './line-page.ts';
import type { Html, Links } from './parts.ts';
import { links } from './parts.ts';
import { answerPromise } from './answer-promise.ts';
import { HEADERS, MARK, STYLE } from './static-files.ts';
import { answerReport, reportDeps } from './answer-report.ts';
import { vulnerabilityPage } from './vulnerability-page.ts';

/** What the pages read. Nothing that is served here changes anything. */
export interface PagesDeps extends AccountDeps {
  /** Feeds for scanners; absent where only the pages are shown. */
  readonly feed?: (c: Context) => Promise<Response | undefined>;
  /** Where reports of a period are made from. */
  readonly reports: ReportFacts & ProofDeps;
  health(): Promise<Health>;
  /** An error that is ours; the visitor sees no detail of it. */
  onFault(error: unknown): void;
}

const BOARD_ROWS = 100;

/** The pages and their JSON twins, server-rendered, without a script. */
export function pages(deps: PagesDeps): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    // A name that a stranger's page resolved to this machine is not ours (DNS rebinding).
    if (!OWN_NAMES.has(new URL(c.req.url).hostname)) return c.text('This server answers to its own names only', 421);
    await next();
    for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value);
    return undefined;
  });
  app.get('/style.css', (c) => c.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/mark.svg', (c) => c.body(MARK, 200, { 'content-type': 'image/svg+xml' }));
  app.get('/healthz', (c) => health(c, deps));
  app.get('/metrics', (c) => figures(c, deps));
  app.get('/find', (c) => find(c));
  app.get('/', (c) => board(c, deps));
  app.get('/board.json', (c) => board(c, deps));
  const lookUp = reportLookUp(reportDeps(deps));
  app.get('/promise', (c) => promise(c, deps, lookUp));
  app.get('/promise.json', (c) => promise(c, deps, lookUp));
  app.get('/report', (c) => c.redirect(`/report/last-90d${new URL(c.req.url).search}`, 303));
  app.get('/report/:period{.+}', (c) => report(c, deps, lookUp));
  app.get('/v/:id{.+}', (c) =>
    subject(c, deps, { kind: kindOfVulnerability, look: lookUpVulnerabilityOrAdvisory, page: eitherPage }),
  );
  app.get('/lines/:id{.+}', (c) => subject(c, deps, { kind: () => 'line', look: lookUpLine, page: linePage }));
  app.get('/digests/:id{.+}', (c) => subject(c, deps, { kind: () => 'digest', look: lookUpDigest, page: digestPage }));
  app.get('/feeds/*', async (c) => (await deps.feed?.(c)) ?? failed(c, deps, notFound(c.req.path)));
  app.get('/explain/:id{.+}', (c) => explained(c, deps));
  app.notFound((c) => failed(c, deps, notFound(c.req.path)));
  app.onError((error, c) => failed(c, deps, errorOf(error, deps)));
  return app;
}

const OWN_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

async function board(c: Context, deps: PagesDeps): Promise<Response> {
  const asOf = asOfOf(c, deps);
  const view = await lookUpBoard({ asOf, limit: BOARD_ROWS, only: null }, deps);
  if (wantsJson(c)) return c.json(statusJson(view));
  const frame = { ...(await frameOf(c, deps, asOf)), title: 'Deadline board', here: 'board' as const };
  return c.html(layout(frame, boardPage(view, frame.links)));
}

/** 503 when nobody turns the factory: what is shown may not be so any more. */
async function health(c: Context, deps: PagesDeps): Promise<Response> {
  const view = healthView(await deps.health(), await deps.pulse(), deps.now());
  return c.json(view, view.status === 'stale' ? 503 : 200);
}

async function figures(c: Context, deps: PagesDeps): Promise<Response> {
  const view = await lookUpBoard({ asOf: null, limit: BOARD_ROWS, only: null }, deps);
  const text = metrics(view, await deps.pulse());
  return c.body(text, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
}

async function promise(c: Context, deps: PagesDeps, lookUp: ReportLookUp): Promise<Response> {
  const asOf = asOfOf(c, deps);
  const summary = await deps.summary();
  if (summary === null) return failed(c, deps, notFound(c.req.path));
  const reported = await lookUp({ period: 'last-90d', asOf, line: null, whatIf: null, sample: null });
  const frame = wantsJson(c) ? null : await frameOf(c, deps, asOf);
  return answerPromise(c, { policy: summary.policy, reported, frame, now: deps.now() });
}

async function report(c: Context, deps: PagesDeps, lookUp: ReportLookUp): Promise<Response> {
  const asOf = asOfOf(c, deps);
  return await answerReport(c, { deps, lookUp, asOf, isJson: wantsJson(c), frame: () => frameOf(c, deps, asOf) });
}

interface SubjectPage<View> {
  readonly kind: (view: View) => 'vulnerability' | 'advisory' | 'line' | 'digest';
  readonly look: (id: string, asOf: Temporal.Instant | null, deps: LookUpDeps) => Promise<View | undefined>;
  readonly page: (view: View, links: Links) => Html;
}

async function subject<View extends object>(c: Context, deps: PagesDeps, as: SubjectPage<View>): Promise<Response> {
  const asOf = asOfOf(c, deps);
  const id = (c.req.param('id') ?? '').replace(/\.json$/, '');
  const view = id.length > ID_MAX ? undefined : await as.look(id, asOf, deps);
  if (view === undefined) return failed(c, deps, notFound(id.slice(0, ID_MAX)));
  if (wantsJson(c)) return c.json({ schema: `suture/${as.kind(view)}/1`, generatedAt: deps.now(), ...view });
  const frame = { ...(await frameOf(c, deps, asOf)), title: id };
  return c.html(layout(frame, as.page(view, frame.links)));
}

const ID_MAX = 300;

/** One that no line is held to has a page too: it says why not. */
async function lookUpVulnerabilityOrAdvisory(
  id: string,
  asOf: Temporal.Instant | null,
  deps: LookUpDeps,
): Promise<VulnerabilityView | AdvisoryView | undefined> {
  return (await lookUpVulnerability({ vulnerability: id }, asOf, deps)) ?? (await lookUpAdvisory(id, asOf, deps));
}

function kindOfVulnerability(view: VulnerabilityView | AdvisoryView): 'vulnerability' | 'advisory' {
  return 'lanes' in view ? 'vulnerability' : 'advisory';
}

function eitherPage(view: VulnerabilityView | AdvisoryView, links: Links): Html {
  return 'lanes' in view ? vulnerabilityPage(view, links) : advisoryPage(view, links);
}

/** The search field: to the page of whatever the text looks like. */
function find(c: Context): Response {
  const text = (c.req.query('id') ?? '').trim().slice(0, ID_MAX);
  const what = subjectOf(text);
  const to = isPublicId(text) ? 'v' : pageOf[what.kind];
  const asOf = c.req.query('as-of');
  const query = asOf === undefined ? '' : `?as-of=${encodeURIComponent(asOf)}`;
  return c.redirect(text === '' ? '/' : `/${to}/${encodeURIComponent(text)}${query}`, 303);
}

/** CVE-2026-1234, GHSA-…: what else is taken for a vulnerability may be a recipe or package. */
function isPublicId(text: string): boolean {
  return /^[A-Z]{2,}-[^ ]+$/.test(text);
}

/** Where something of its kind has its page; what has none of its own is explained. */
const pageOf: Readonly<Record<ReturnType<typeof subjectOf>['kind'], string>> = {
  vulnerability: 'explain',
  line: 'lines',
  digest: 'digests',
  obligation: 'explain',
  row: 'explain',
  fact: 'explain',
  figure: 'explain',
  upstream: 'explain',
  code: 'explain',
};

/** Anything that has an id or a name; what has a page of its own is shown there. */
async function explained(c: Context, deps: PagesDeps): Promise<Response> {
  const asOf = asOfOf(c, deps);
  const id = (c.req.param('id') ?? '').replace(/\.json$/, '').slice(0, ID_MAX);
  const explanation = await explain(id, asOf, deps);
  if (explanation.kind === 'unknown') {
    const { instead } = explanation;
    const detail = `No figure of the board is ${id}. What stands there is: ${instead}.`;
    return failed(c, deps, { ...notFound(id), ...(instead !== undefined && { detail }) });
  }
  const { kind, view } = explanation;
  const name = kind === 'account' ? view.kind : kind;
  if (wantsJson(c)) return c.json({ schema: `suture/explain-${name}/1`, generatedAt: deps.now(), ...view });
  const frame = { ...(await frameOf(c, deps, asOf)), title: id };
  switch (kind) {
    case 'account':
      return c.html(layout({ ...frame, title: view.title }, accountPage(view, frame.links)));
    case 'obligation':
      return c.html(layout(frame, vulnerabilityPage(view, frame.links)));
    case 'vulnerability':
    case 'advisory':
      return c.redirect(frame.links.vulnerability(view.id), 303);
    case 'line':
      return c.redirect(frame.links.line(view.line), 303);
    case 'digest':
      return c.redirect(frame.links.digest(view.digest), 303);
    case 'code':
      return c.html(layout(frame, codePage(view)));
  }
}

function wantsJson(c: Context): boolean {
  if (c.req.path.endsWith('.json')) return true;
  const accept = c.req.header('accept') ?? '';
  return accept.includes('application/json') && !accept.includes('text/html');
}

function asOfOf(c: Context, deps: PagesDeps): Temporal.Instant | null {
  const text = c.req.query('as-of')?.trim();
  if (text === undefined || text === '') return null;
  let asOf: Temporal.Instant;
  try {
    asOf = Temporal.Instant.from(text);
  } catch (cause) {
    throw new Failure('E0902', 'That instant cannot be read', {
      why: 'a date, a time and a zone are needed, as in 2026-08-01T12:00:00Z',
      cause,
    });
  }
  if (Temporal.Instant.compare(asOf, deps.now()) > 0) {
    throw new Failure('E0902', 'That instant has not come yet', {
      why: 'the ledger holds what was recorded, not what will be',
    });
  }
  return asOf;
}

async function frameOf(c: Context, deps: PagesDeps, asOf: Temporal.Instant | null): Promise<Omit<Frame, 'title'>> {
  const { pathname, search } = new URL(c.req.url);
  return {
    notice: deps.notice,
    now: asOf ?? deps.now(),
    asOf,
    links: links(asOf),
    catalog: (await deps.summary())?.name ?? null,
    twin: `${pathname === '/' ? '/board' : pathname}.json${search}`,
    here: null,
  };
}

function notFound(what: string): ErrorView {
  return {
    status: 404,
    title: 'Nothing is known here',
    detail: `No fact and no line of the catalog names ${what}. That is not the same as “not affected”: it was never matched here.`,
    code: null,
  };
}

function errorOf(error: unknown, deps: PagesDeps): ErrorView {
  if (error instanceof Failure) {
    const { code, message, detail } = error;
    if (code === 'E0902') return { status: 400, title: message, detail: detail.why ?? '', code };
    deps.onFault(error);
    return {
      status: 503,
      title: 'Not available at the moment',
      detail: 'The images and their registry are not touched by this. Please try again.',
      code,
    };
  }
  deps.onFault(error);
  return {
    status: 500,
    title: 'A fault of ours',
    detail: 'It has been written down. The images and their registry are not touched by this.',
    code: 'E0901',
  };
}

async function failed(c: Context, deps: PagesDeps, view: ErrorView): Promise<Response> {
  if (wantsJson(c)) {
    const { status, title, detail, code } = view;
    const problem = { type: code === null ? 'about:blank' : `urn:suture:error:${code}`, title, status, detail, code };
    return c.body(JSON.stringify(problem), status, { 'content-type': 'application/problem+json' });
  }
  const frame: Frame = {
    title: view.title,
    notice: deps.notice,
    now: deps.now(),
    asOf: null,
    links: links(null),
    catalog: null,
    twin: null,
    here: null,
  };
  return c.html(layout(frame, errorPage(view)), view.status);
}
