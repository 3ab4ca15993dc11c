import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BoardQuery, ObligationStore } from './factory/deps.ts';
import { commandTree } from './serve/cli/tree.ts';
import type { Opens } from './serve/cli/tree.ts';
import type { Globals } from './serve/cli/globals.ts';
import { interruptSignal } from './serve/cli/interrupt.ts';
import { runCli } from './serve/cli/run-cli.ts';
import { processTerminal } from './serve/cli/terminal.ts';
import type { Why } from './views/row.ts';

/** The composition root: each command gets its adapters here, and imports them only when it is called. */
const now = (): Temporal.Instant => Temporal.Now.instant();

const opens: Partial<Opens> = {
  status: async (globals) => await openReading(globals),
  explain: async (globals) => await openReading(globals),
  diff: async (globals) => await openReading(globals),
  serve: async (globals) => {
    const reading = await openReading(globals);
    return {
      notice: reading.notice,
      close: reading.close,
      serve: async ({ host, port, signal, onReady, onEvent }) => {
        const [{ pages }, { listen }] = await Promise.all([
          import('./serve/http/pages.ts'),
          import('./serve/http/listen.ts'),
        ]);
        const app = pages({
          ...reading,
          health: async () => ({ status: 'ok', store: reading.storeName, lastTick: null, trouble: null }),
          onFault: (error) => onEvent({ step: 'pages', state: 'failed', words: String(error) }),
        });
        const listening = await listen(app, { host, port, beyondLoopback: false });
        onReady(listening.url);
        if (!signal.aborted)
          await new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
        await listening.close();
      },
    };
  },
  config: async ({ cwd }) => ({
    load: async () => await (await import('./io/catalog/load-catalog.ts')).loadCatalog(cwd),
    schemas: async () => {
      const { catalogFileKinds, jsonSchema } = await import('./formats/catalog/json-schemas.ts');
      return new Map<string, unknown>(catalogFileKinds.map((kind) => [kind, jsonSchema(kind)]));
    },
  }),
  ledger: async (globals) => {
    const { facts, head, chain, close } = await openReading(globals);
    return {
      facts,
      head,
      close,
      verify: async () => {
        const { chainVerifier } = await import('./core/ledger/verify-chain.ts');
        const verifier = chainVerifier();
        for await (const page of chain()) for (const entry of page) verifier.add(entry);
        const { findings, end } = verifier.verdict();
        return { facts: end.seq, head: end.hash, trouble: findings[0]?.message ?? null };
      },
    };
  },
};

/** What every reading command stands on: the store beside the catalog, or `DATABASE_URL`. */
async function openReading({ cwd }: Globals) {
  const [{ openStore }, { loadCatalog }] = await Promise.all([
    import('./io/store/open-store.ts'),
    import('./io/catalog/load-catalog.ts'),
  ]);
  const loaded = await loadCatalog(cwd);
  if (loaded.kind === 'problems' && loaded.problems[0] !== undefined) throw loaded.problems[0];
  const url = process.env['DATABASE_URL'] ?? `${loaded.folder}/.suture/store.db`;
  const store = await openStore({ url, clock: { now } });
  const catalog = loaded.kind === 'catalog' ? loaded.catalog : null;
  const { facts, obligations } = store;
  return {
    now,
    notice: null,
    storeName: url.startsWith('postgres') ? 'postgres' : 'sqlite',
    catalog: async () => catalog,
    summary: async () =>
      catalog === null ? null : { name: catalog.name, lines: catalog.lines.length, policy: catalog.policy },
    facts: (after?: number, until?: Temporal.Instant) => facts.facts(after, until),
    head: () => facts.head(),
    chain: () => store.chain(),
    board: (query: BoardQuery) => obligations.board(query),
    obligations: (by: ObligationsBy, asOf: Temporal.Instant | null) => obligations.obligations(by, asOf),
    reasons: async () => new Map<string, Why>(),
    dataAsOf: async () => {
      const { seq } = await facts.head();
      for await (const fact of facts.facts(Math.max(0, seq - 1))) return fact.recordedAt;
      return null;
    },
    close: () => store.close(),
  };
}

type ObligationsBy = Parameters<ObligationStore['obligations']>[0];

/** Bare `suture` is the board where there is a catalog, else the help. */
function commandLine(argv: readonly string[]): readonly string[] {
  if (argv.length > 0) return argv;
  return existsSync(resolve('suture.yaml')) ? ['status'] : ['--help'];
}

const terminal = processTerminal();
process.exitCode = await runCli(commandLine(process.argv.slice(2)), commandTree(opens), {
  terminal,
  now,
  cwd: process.cwd(),
  signal: interruptSignal(terminal),
  version: () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    return typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version)
      : 'unknown';
  },
  exitCode: 0,
});
