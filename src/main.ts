import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { commandTree } from './serve/cli/tree.ts';
import type { Opens } from './serve/cli/tree.ts';
import type { Globals } from './serve/cli/globals.ts';
import { interruptSignal } from './serve/cli/interrupt.ts';
import { runCli } from './serve/cli/run-cli.ts';
import { processTerminal } from './serve/cli/terminal.ts';

/** The composition root: each command gets its adapters here, and imports them only when it is called. */
const now = (): Temporal.Instant => Temporal.Now.instant();

const opens: Partial<Opens> = {
  status: async (globals) => await reading(globals),
  explain: async (globals) => await reading(globals),
  diff: async (globals) => await reading(globals),
  demo: async ({ cwd }) => (await import('./wire/open-demo.ts')).openDemo(cwd),
  init: async ({ cwd }) => (await import('./wire/open-init.ts')).openInit(cwd, { now }),
  doctor: async ({ cwd }) => (await import('./wire/open-doctor.ts')).openDoctor(cwd),
  run: async ({ cwd }) => (await import('./wire/open-run.ts')).openRun(cwd),
  plan: async ({ cwd }) => (await import('./wire/open-run.ts')).openPlan(cwd),
  verify: async ({ cwd }) => (await import('./wire/open-verify.ts')).openVerify(cwd),
  report: async ({ cwd }) => (await import('./wire/open-report.ts')).openReport(cwd),
  scan: async (globals) => (await import('./wire/open-scan.ts')).openScan(globals.cwd),
  feed: async () => (await import('./wire/open-feed.ts')).feedCommandDeps,
  compare: async () => ({
    input: async (signal) => {
      const { readInput } = await import('./io/process/read-input.ts');
      return (await readInput(process.stdin, { signal })).toString('utf8');
    },
  }),
  replay: async ({ cwd }) => (await import('./wire/open-replay.ts')).openReplay(cwd),
  serve: async ({ cwd }) => (await import('./wire/open-serve.ts')).openServe(cwd),
  config: async ({ cwd }) => ({
    load: async () => await (await import('./io/catalog/load-catalog.ts')).loadCatalog(cwd),
    inForce: async () => {
      const { placesFrom } = await import('./wire/places-from.ts');
      return await (await import('./wire/catalog-in-force.ts')).catalogInForce(await placesFrom(cwd));
    },
    uncommitted: async () => {
      const { placesFrom } = await import('./wire/places-from.ts');
      const places = await placesFrom(cwd).catch(() => undefined);
      return places === undefined ? [] : await (await import('./wire/not-counted.ts')).notCounted(places);
    },
    schemas: async () => {
      const { catalogFileKinds, jsonSchema } = await import('./formats/catalog/json-schemas.ts');
      return new Map<string, unknown>(catalogFileKinds.map((kind) => [kind, jsonSchema(kind)]));
    },
  }),
  ledger: async ({ cwd }) => (await import('./wire/open-ledger.ts')).openLedger(cwd),
};

/** Board, explanations, differences and facts: read from the store, changing nothing. */
async function reading({ cwd }: Globals) {
  return await (await import('./wire/open-reading.ts')).openReading(cwd);
}

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
