import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

/** A folder with feeds of two kinds, and `suture scan` run in it; `tmp` is where it puts what passes. */
export function scanPlace(t: TestContext, env: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'suture-scan-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const osv = (id: string, ecosystem: string, name: string, more: { aliases?: string[]; events: object[] }): void =>
    writeIn(
      folder,
      `feeds/osv/${id}.json`,
      JSON.stringify({
        id,
        modified: '2026-02-01T00:00:00Z',
        aliases: more.aliases ?? [],
        affected: [
          {
            package: { ecosystem, name },
            ranges: [{ type: SEMVER.has(ecosystem) ? 'SEMVER' : 'ECOSYSTEM', events: more.events }],
          },
        ],
      }),
    );
  const django = [{ introduced: '3.2' }, { fixed: '3.2.5' }];
  osv('GHSA-aaaa-aaaa-aaaa', 'PyPI', 'django', { aliases: ['CVE-2026-0001'], events: django });
  osv('PYSEC-2026-1', 'PyPI', 'django', { aliases: ['CVE-2026-0001'], events: django });
  osv('PYSEC-2026-2', 'PyPI', 'jinja2', { aliases: ['CVE-2026-0004'], events: [{ introduced: '0' }] });
  osv('GHSA-bbbb-bbbb-bbbb', 'npm', 'left-pad', { aliases: ['CVE-2026-0002'], events: [{ introduced: '0' }] });
  osv('GO-2026-0001', 'Go', 'example.com/dep', {
    aliases: ['CVE-2026-0003'],
    events: [{ introduced: '0' }, { fixed: '1.3.0' }],
  });
  const exploited = { cveID: 'CVE-2026-0001', dateAdded: '2026-01-15' };
  writeIn(
    folder,
    'feeds/kev/kev.json',
    JSON.stringify({ catalogVersion: '1', dateReleased: '2026-02-01T00:00:00Z', vulnerabilities: [exploited] }),
  );
  const tmp = join(folder, 'tmp');
  mkdirSync(tmp);
  const scan = (args: readonly string[], input?: Uint8Array) =>
    suture(folder, { args: ['scan', ...args], env: { TMPDIR: tmp, ...env }, input });
  return { folder, tmp, scan, osv };
}

const SEMVER: ReadonlySet<string> = new Set(['npm', 'Go']);

export function writeIn(folder: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

export interface ScanRun {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

function suture(
  cwd: string,
  {
    args,
    env: own,
    input,
  }: {
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly input: Uint8Array | undefined;
  },
) {
  return new Promise<ScanRun>((done) => {
    const command = join(import.meta.dirname, '../../bin/suture');
    const env = { ...process.env, XDG_CACHE_HOME: join(cwd, 'cache'), ...own };
    const child = execFile('sh', [command, ...args], { cwd, env, timeout: 120_000 }, (error, out, err) => {
      done({ exitCode: error === null ? 0 : Number(error.code), out, err });
    });
    child.stdin?.on('error', () => {}); // a scan that refuses its input does not read all of it
    child.stdin?.end(input);
  });
}
