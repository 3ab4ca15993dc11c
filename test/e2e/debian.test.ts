import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { debianArchive } from '../../src/io/debian/suite-archive.ts';
import { loadCatalog } from '../../src/io/catalog/load-catalog.ts';
import { aptOr } from '../support/apt.ts';
import { isolationOr } from '../support/isolation.ts';
import { checkout, suture, temporaryFolder } from '../support/made-up-world.ts';

/** Real packages are built, one of them twice, in a root that is fetched first. */
const TIMEOUT_MS = 900_000;

test('examples/debian: a line of packages taken over is recomposed with the security suite, a package of ours is raised', async (t) => {
  if (!(await aptOr(t)) || (await isolationOr(t, 'bubblewrap')) === undefined) return;
  const folder = exampleFolder(t);
  const nginx = join(folder, 'lines/nginx.yaml');
  const whole = readFileSync(nginx, 'utf8');

  await t.test('without the security suite, what is fixed there stays open, and says which suite to add', async () => {
    writeFileSync(nginx, whole.replace(', "debian:bookworm-security"', ''));
    await runOnce(folder, [0, 3]);
    const fixed = await fixedInSecurity(folder);
    if (fixed === undefined) return t.diagnostic('both suites have the same versions today: nothing is open');
    writeAdvisory(folder, fixed);
    const { exitCode, out } = await runOnce(folder, [3]);
    assert.equal(exitCode, 3);
    assert.match(JSON.stringify(out.blocked), /add the one that has it/);
    assert.equal(await standingOf(folder, fixed.id), 'on-track');
  });

  await t.test('with it, every obligation ends with its evidence', async () => {
    writeFileSync(nginx, whole);
    await runOnce(folder, [0]);
    const items = await obligationsOf(folder);
    for (const { vulnerability, standing } of items) assert.match(standing, /^(met|fixed-early)$/, vulnerability);
    const own = items.filter(({ line }) => line === 'xmlwf:2');
    assert.ok(own.length > 0);
    for (const { vulnerability, standing, clock } of own) {
      assert.equal(standing, 'met');
      assert.ok(clock.start !== null && clock.stop !== null && (clock.marginSeconds ?? 0) > 0, JSON.stringify(clock));
      const { events } = (await json(folder, 'explain', vulnerability)) as {
        events: { words: string; fact: string }[];
      };
      const told = events.map(({ words, fact }) => `${words} ${fact}`).join('\n');
      assert.match(told, /expat 2\.[\d.]+ available upstream [0-9a-f]{64}/);
      assert.match(told, /xmlwf:2 \(amd64\) pulled back and judged [0-9a-f]{64}/);
    }
  });

  await t.test('what was published verifies, and says how it differs from upstream', async () => {
    for (const line of ['xmlwf:2', 'nginx:bookworm']) {
      assert.equal((await suture(['verify', line, '--cwd', folder])).exitCode, 0, line);
    }
    const { out } = await suture(['explain', 'xmlwf:2', '--cwd', folder]);
    assert.match(out, /upstream delta\s+expat 2\.[\d.]+-1suture1\s+pkg:generic\/expat 2\.[\d.]+, no patch; built with/);
    assert.match(out, /as Debian ships them: bookworm/);
    assert.equal((await suture(['ledger', 'verify', '--cwd', folder])).exitCode, 0);
  });

  await t.test('a second run does nothing and says why', async () => {
    const { out } = await runOnce(folder, [0]);
    assert.deepEqual(out.done, {});
    assert.match(JSON.stringify(out.settled), /xmlwf:2 is published and confirmed as desired/);
  });
});

interface Item {
  readonly vulnerability: string;
  readonly line: string;
  readonly standing: string;
  readonly clock: {
    readonly start: string | null;
    readonly stop: string | null;
    readonly marginSeconds: number | null;
  };
}

async function obligationsOf(folder: string): Promise<readonly Item[]> {
  return (await json(folder, 'status')).items;
}

/** A copy of the example, on any free port. */
function exampleFolder(t: TestContext): string {
  const folder = temporaryFolder(t);
  cpSync(join(checkout, 'examples/debian'), folder, {
    recursive: true,
    filter: (source) => !source.includes('.suture'),
  });
  const yaml = join(folder, 'suture.yaml');
  writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('port: 5055', 'port: 0'));
  return folder;
}

async function runOnce(folder: string, exitCodes: readonly number[]) {
  const { exitCode, out, err } = await suture(['run', folder, '--once', '--json'], { timeoutMs: TIMEOUT_MS });
  assert.ok(exitCodes.includes(exitCode ?? -1), `exit ${exitCode}\n${out}\n${err.slice(-3000)}`);
  return { exitCode, out: JSON.parse(out) };
}

async function json(folder: string, ...words: readonly string[]) {
  const { exitCode, out, err } = await suture([...words, '--cwd', folder, '--json']);
  assert.equal(exitCode, 0, err);
  return JSON.parse(out);
}

async function standingOf(folder: string, vulnerability: string): Promise<string | undefined> {
  const items = await obligationsOf(folder);
  return items.find((each) => each.vulnerability === vulnerability)?.standing;
}

interface FixedInSecurity {
  readonly id: string;
  readonly source: string;
  readonly fixed: string;
}

/** A source package of the line that is newer in the security suite: versions of the day decide which. */
async function fixedInSecurity(folder: string): Promise<FixedInSecurity | undefined> {
  const loaded = await loadCatalog(folder);
  assert.ok(loaded.kind === 'catalog');
  const archive = debianArchive({ folder: join(folder, '.suture/cache/apt'), now: () => Temporal.Now.instant() });
  const { pool } = await archive.pools(loaded.catalog);
  const both = pool(['bookworm', 'bookworm-security'], 'amd64');
  const { origins } = await json(folder, 'explain', 'nginx:bookworm');
  for (const { name, source } of origins as { name: string; source: { name: string; version: string } }[]) {
    const [newest] = both?.named(name) ?? [];
    if (newest !== undefined && newest.source.version !== source.version) {
      return { id: 'CVE-2099-0001', source: source.name, fixed: newest.source.version };
    }
  }
  return undefined;
}

function writeAdvisory(folder: string, { id, source, fixed }: FixedInSecurity): void {
  const record = {
    schema_version: '1.7.0',
    id,
    modified: '2026-01-01T00:00:00Z',
    published: '2026-01-01T00:00:00Z',
    summary: 'Made up for this test',
    affected: [
      {
        package: { ecosystem: 'Debian:12', name: source, purl: `pkg:deb/debian/${source}` },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
  };
  writeFileSync(join(folder, `feeds/osv/${id}.json`), JSON.stringify(record));
}
