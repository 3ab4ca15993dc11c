import { join } from 'node:path';
import { readHistory } from '../../src/io/replay/history-folder.ts';
import type { Catalog } from '../../src/core/catalog/catalog.ts';
import type { Plan } from '../../src/core/plan/step.ts';
import { entryFromFact } from '../../src/core/ledger/envelope.ts';
import { Failure } from '../../src/core/failure.ts';
import { defaultPolicy } from '../../src/core/promise/policy.ts';
import { runCli } from '../../src/serve/cli/run-cli.ts';
import type { Cli } from '../../src/serve/cli/session.ts';
import type { LedgerAnswer, LedgerDeps } from '../../src/serve/cli/ledger-deps.ts';
import type { Opens } from '../../src/serve/cli/tree.ts';
import { commandTree } from '../../src/serve/cli/tree.ts';
import { checkFeed } from '../../src/views/feed/check-feed.ts';
import { feedFiles } from '../../src/views/feed/feed-files.ts';
import { feedWorld } from './feed-world.ts';
import { facts, literalWorld, MADE_UP, obligations } from './literal-world.ts';
import { literalScan } from './literal-scan.ts';
import { NOW } from './obligation.ts';

export interface CliRun {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

export interface CliOptions {
  readonly opens?: Partial<Opens>;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly errIsTty?: boolean;
}

/** Runs a command line over the literal world, in this process, and records what it writes. */
export async function suture(argv: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const written = { out: '', err: '' };
  const cli: Cli = {
    terminal: {
      out: (text) => void (written.out += text),
      err: (text) => void (written.err += text),
      outIsTty: false,
      isInteractive: false,
      errIsTty: options.errIsTty ?? false,
      columns: 80,
      env: options.env ?? {},
    },
    now: () => NOW,
    cwd: import.meta.dirname,
    signal: options.signal ?? new AbortController().signal,
    version: () => '0.0.0',
    exitCode: 0,
  };
  const exitCode = await runCli(argv, commandTree({ ...literalOpens, ...options.opens }), cli);
  return { exitCode, ...written };
}

const world = { ...literalWorld(), close: async () => {} };

const ledgerEnd = { seq: facts.length, hash: 'f'.repeat(64) };
const ledgerAnswer: LedgerAnswer = {
  findings: [],
  signed: { heads: 2, upTo: facts.length - 2, unsigned: 1 },
  withheld: { sealed: 1, erased: 1 },
  evidenceChecked: 12,
  end: { ...ledgerEnd, recordedAt: '2026-08-01T00:00:00Z' },
  keys: 'catalog',
};
const literalLedger: LedgerDeps = {
  entries: async (after) => literalEntries(after),
  head: async () => ledgerEnd,
  sealedUntil: async () => new Map([[2, '2026-09-01T12:00:00Z']]),
  verify: async ({ bundle }) =>
    bundle === null
      ? ledgerAnswer
      : {
          ...ledgerAnswer,
          findings: [{ seq: 3, kind: 'hash', message: 'Fact 3 was changed: its bytes do not give its hash' }],
        },
  export: async () => ({
    facts: ledgerEnd.seq,
    head: ledgerEnd,
    files: [{ size: 1200 }, { size: 34 }],
    signedNow: true,
  }),
  import: async () => ({ ...ledgerAnswer, keys: 'named' }),
  evidence: async () => 'whole',
  sign: async () => ({ ...ledgerEnd, keyId: 'ab'.repeat(32), signature: 'MEUC' }),
  open: async (seq) => [seq ?? 2],
  erase: async () => ({ id: 'cd'.repeat(32) }),
  close: async () => {},
};

async function* literalEntries(after: number) {
  for (const fact of facts.slice(after)) {
    const entry = entryFromFact(fact);
    yield fact.seq === 2 ? { ...entry, payloadText: null } : entry;
  }
}

/** Every command of the tree, answered from literals. */
export const literalOpens: Opens = {
  status: async () => world,
  explain: async () => world,
  diff: async () => world,
  scan: async () => ({ scan: async () => literalScan() }),
  plan: async () => ({ ...world, plan: async () => ({ plan: literalPlan(), obligations }) }),
  ledger: async () => literalLedger,
  config: async () => ({
    load: async () => ({ kind: 'catalog', catalog: literalCatalog }),
    uncommitted: async () => [],
    inForce: async () => ({ kind: 'catalog', catalog: literalCatalog }),
    schemas: async () => new Map([['recipe', { type: 'object' }]]),
  }),
  doctor: async () => ({
    checks: async () => [
      { name: 'node', state: 'works', required: true, words: '26.10.0', fix: null },
      { name: 'sandbox', state: 'fails', required: true, words: 'user namespaces are not allowed', fix: 'allow them' },
      { name: 'docker', state: 'absent', required: false, words: 'not installed (not needed)', fix: null },
    ],
  }),
  init: async () => ({
    init: async ({ folder }) => ({ folder, written: ['suture.yaml', 'lines/hello.yaml'], kept: ['policy.yaml'] }),
  }),
  run: async () => ({
    notice: MADE_UP,
    close: async () => {},
    run: async ({ onEvent }) => {
      onEvent({ step: 'curl', state: 'running', words: 'building' });
      onEvent({ step: 'curl', state: 'done', words: 'built, 214 tests' });
      return {
        ticks: 2,
        done: { 'build-package': 1, 'publish-image': 2 },
        failed: [
          {
            subject: 'sqlite amd64',
            step: 'build-package',
            failure: new Failure('E0402', 'sqlite 3.50.1-r0 for amd64: the step "compile" exited with 2', {
              at: 'recipes/sqlite.yaml:19',
              why: 'cc: not found',
              kept: 'nothing was published from this build',
            }),
            retryAt: NOW.add({ minutes: 5 }),
          },
        ],
        problems: [
          new Failure('E0201', 'The feed feeds/kev.json is not there', {
            at: 'feeds/kev.json',
            kept: 'what was read from it before stays in force',
            hint: 'look at `feeds` in suture.yaml',
            retryable: true,
          }),
        ],
        waiting: [],
        blocked: [{ subject: 'CVE-2026-1234 in node:20', words: 'lift the bound, or have the fix backported' }],
        unavailable: [],
        settled: [],
      };
    },
  }),
  verify: async () => ({
    notice: MADE_UP,
    close: async () => {},
    verify: async (reference) => ({
      reference,
      digest: `sha256:${'4'.repeat(64)}`,
      architecture: 'amd64',
      checks: [
        { name: 'signature', verdict: 'yes', text: 'signed by the key 41ab', reason: null, cause: null },
        {
          name: 'contents',
          verdict: 'no',
          text: 'one file is not in the SBOM',
          reason: 'contradiction',
          cause: 'a layer was added afterwards',
        },
        { name: 'age', verdict: 'note', text: 'a newer digest exists', reason: null, cause: null },
      ],
      answer: 'no',
    }),
  }),
  feed: async () => ({
    world: async () => feedWorld(),
    write: async () => {},
    check: async (folder) =>
      checkFeed(
        folder.endsWith('broken')
          ? [{ path: 'osv/ACME-1.json', bytes: Buffer.from('{"id":"ACME-1","modified":"2026-08-02T00:00:00Z"}') }]
          : feedFiles(feedWorld()),
      ),
  }),
  replay: async () => ({
    read: async () => await readHistory(join(import.meta.dirname, '../../examples/replay')),
    make: async () => 0,
  }),
  report: async () => ({
    ...world,
    ...world.reports,
    policyFile: async () => ({
      ...defaultPolicy,
      name: 'stricter',
      promise: { ...defaultPolicy.promise, high: 86_400 },
    }),
    write: async () => {},
  }),
  compare: async () => ({ input: async () => '1.0 1.0.0\n1.0 1.0.post1\n1.0.dev1 1!0\n' }),
  serve: async () => ({
    notice: MADE_UP,
    close: async () => {},
    serve: async ({ onReady }) => onReady('http://127.0.0.1:4242/'),
  }),
  demo: async () => ({
    notice: MADE_UP,
    demo: async ({ onEvent }) => {
      onEvent({ time: '00:05', words: 'a vulnerability is announced, no fix', shown: 'waiting', clock: null });
      onEvent({ time: '00:12', words: 'demo/web is published', shown: 'met', clock: '45 h to spare' });
      return { due: 1, met: 1, folder: './demo', url: null, next: [{ command: 'suture status', shows: 'the board' }] };
    },
  }),
};

const literalCatalog: Catalog = {
  name: 'acme images',
  recipes: [],
  lines: [],
  policy: defaultPolicy,
  exceptions: [],
  feeds: [],
  registry: { kind: 'embedded', port: 5050 },
  build: { root: '/roots/build', timeoutSeconds: 60, memoryBytes: 1 },
  ledger: { signEverySeconds: 600, signFacts: 1000 },
  changes: 'here',
};

function literalPlan(): Plan {
  const atRisk = obligations.find((each) => each.line === 'node:20');
  return {
    steps: [],
    held: [],
    reasons:
      atRisk === undefined
        ? []
        : [{ subject: { kind: 'obligation', id: atRisk.id }, who: 'person', text: 'node:20 holds openssl back' }],
  };
}
