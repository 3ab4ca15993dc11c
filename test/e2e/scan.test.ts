import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { writeTar } from '../../src/formats/tar/write-tar.ts';
import { goProgram } from '../support/go-program.ts';

test('suture scan of a bill of materials: every state is told, and --why repeats what was asked', async (t) => {
  const { folder, scan } = place(t);
  write(folder, 'bom.json', bom(['pkg:pypi/django@3.2.0', 'pkg:npm/left-pad@1.0.0', 'pkg:cran/zoo@1.0']));
  const { exitCode, out } = await scan(['bom.json', '--feed', 'feeds', '--json']);
  const answer = JSON.parse(out);
  assert.equal(exitCode, 0);
  assert.equal(answer.schema, 'suture/scan/1');
  assert.deepEqual(answer.items.map(shape), [
    'CVE-2026-0001 pkg:pypi/django@3.2.0 fixed in 3.2.5',
    'CVE-2026-0002 pkg:npm/left-pad@1.0.0 fixed in null',
  ]);
  assert.ok(answer.items[0].aliases.includes('GHSA-aaaa-aaaa-aaaa'), 'one finding under all of its names');
  assert.ok(answer.items[0].exploitedSince.startsWith('2026-01-15'));
  assert.deepEqual(answer.notAssessed, [{ ecosystem: 'cran', components: 1 }]);
  const table = await scan(['bom.json', '--feed', 'feeds']);
  const next = /^next: suture scan (.+)$/m.exec(table.out)?.[1] ?? '';
  assert.equal(next, 'bom.json --feed feeds --why CVE-2026-0001');
  assert.match((await scan(next.split(' '))).out, /3\.2\.0 is at or above 3\.2 and below 3\.2\.5 in pypi order/);
});

test('suture scan --fail-on and --only-fixed: exit 2 for what is open, and the hidden are counted', async (t) => {
  const { folder, scan } = place(t);
  write(folder, 'bom.json', bom(['pkg:pypi/django@3.2.0', 'pkg:npm/left-pad@1.0.0']));
  const bad = await scan(['bom.json', '--feed', 'feeds', '--fail-on', 'high', '--only-fixed']);
  assert.equal(bad.exitCode, 2);
  assert.match(bad.out, /1 without a fix are not shown/);
  write(folder, 'good.json', bom(['pkg:pypi/django@3.2.5']));
  const good = await scan(['good.json', '--feed', 'feeds', '--fail-on', 'low']);
  assert.deepEqual([good.exitCode, /nothing known is open/.test(good.out)], [0, true]);
});

test('suture scan of a folder: Debian answers for its own, a Go program and a loose module are found', async (t) => {
  const { folder, scan } = place(t);
  const program = goProgram(t, {});
  if (program === undefined) return;
  for (const [path, content] of Object.entries(ROOT)) write(folder, `root/${path}`, content);
  write(folder, 'root/opt/hello', program);
  const { out } = await scan(['root', '--feed', 'feeds', '--json']);
  const answer = JSON.parse(out);
  const found = answer.items.map((item: Found & { location: string }) => `${shape(item)} at ${item.location}`);
  assert.ok(
    found.includes('CVE-2026-0003 pkg:golang/example.com/dep@v1.2.3 fixed in 1.3.0 at opt/hello'),
    found.join(),
  );
  assert.ok(found.some((each: string) => each.includes('at opt/app/Django-3.2.0.dist-info/METADATA')));
  assert.deepEqual(answer.notAssessed, [{ ecosystem: 'deb/debian 12', components: 1 }]);
});

test('suture scan of an image at rest finds what its layers hold, and writes SARIF', async (t) => {
  const { folder, scan } = place(t);
  image(folder, 'image', ROOT);
  const { out } = await scan(['image', '--feed', 'feeds', '--format', 'sarif']);
  const { version, runs } = JSON.parse(out);
  const [{ tool, results }] = runs;
  assert.deepEqual([version, tool.driver.name, results.length], ['2.1.0', 'Suture', 1]);
  for (const { ruleId, ruleIndex, level, message, locations } of results) {
    assert.equal(tool.driver.rules[ruleIndex].id, ruleId);
    assert.match(tool.driver.rules[ruleIndex].properties['security-severity'], /^(?:10|\d)\.\d$/);
    assert.ok(['none', 'note', 'warning', 'error'].includes(level) && message.text !== '');
    const { artifactLocation } = locations[0].physicalLocation;
    assert.equal(artifactLocation.uri, 'opt/app/Django-3.2.0.dist-info/METADATA');
  }
});

test('suture scan --vex keeps what it suppresses, and says who stated it', async (t) => {
  const { folder, scan } = place(t);
  write(folder, 'bom.json', bom(['pkg:pypi/django@3.2.0']));
  const statement = {
    vulnerability: { name: 'GHSA-aaaa-aaaa-aaaa' },
    products: [{ '@id': 'pkg:pypi/django@3.2.0' }],
    status: 'not_affected',
    justification: 'vulnerable_code_not_present',
  };
  const document = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://example.org/vex/1',
    author: 'Example',
    timestamp: '2026-02-02T00:00:00Z',
    version: 1,
    statements: [statement],
  };
  write(folder, 'vex.json', JSON.stringify(document));
  const { out } = await scan(['bom.json', '--feed', 'feeds', '--vex', 'vex.json', '--json', '--fail-on', 'low']);
  const { items, suppressed } = JSON.parse(out);
  assert.deepEqual([items, suppressed.length], [[], 1]);
  assert.match(suppressed[0].because, /Example states not_affected: vulnerable_code_not_present/);
});

test('suture scan of a document takes any system for granted, and of one that lists a distribution Linux', async (t) => {
  const { folder, scan } = place(t);
  const events = [{ introduced: '0' }];
  const affected = {
    package: { ecosystem: 'Go', name: 'example.com/win' },
    ranges: [{ type: 'SEMVER', events }],
    ecosystem_specific: { imports: [{ path: 'example.com/win', goos: ['windows'] }] },
  };
  const record = { id: 'GO-2026-0009', modified: '2026-02-01T00:00:00Z', affected: [affected] };
  write(folder, 'feeds/osv/GO-2026-0009.json', JSON.stringify(record));
  const module = 'pkg:golang/example.com/win@v1.0.0';
  write(folder, 'any.json', bom([module]));
  write(folder, 'debian.json', bom([module, 'pkg:deb/debian/bash@5.2-1?distro=debian-12']));
  const found = async (name: string) => JSON.parse((await scan([name, '--feed', 'feeds', '--json'])).out).items.length;
  assert.deepEqual([await found('any.json'), await found('debian.json')], [1, 0]);
});

test('suture scan of what is hostile or nothing gives one clear error', async (t) => {
  const { folder, scan } = place(t);
  const deep = `{"bomFormat":"CycloneDX","specVersion":"1.6","components":${'['.repeat(1e5)}${']'.repeat(1e5)}}`;
  write(folder, 'deep.json', deep);
  write(folder, 'huge.json', '{');
  truncateSync(join(folder, 'huge.json'), 3 * 2 ** 30);
  write(folder, 'other.json', '{"a": 1}');
  write(folder, 'text.txt', 'no bill of materials');
  const errors = [
    ['deep.json', 'E0404', 65],
    ['huge.json', 'E0205', 65],
    ['other.json', 'E0404', 65],
    ['text.txt', 'E0904', 65],
    ['nowhere', 'E0902', 64],
  ] as const;
  for (const [name, code, exitCode] of errors) {
    const run = await scan([name, '--feed', 'feeds']);
    assert.deepEqual([run.exitCode, run.out, run.err.match(/error\[/g)?.length], [exitCode, '', 1], name);
    assert.ok(run.err.startsWith(`error[${code}]`), run.err);
  }
  write(folder, 'bom.json', bom([]));
  write(folder, 'void/README.md', '# no advisories');
  const emptyFeed = await scan(['bom.json', '--feed', 'void', '--fail-on', 'low']);
  assert.deepEqual([emptyFeed.exitCode, /There are no advisories in the feeds/.test(emptyFeed.err)], [64, true]);
  const withoutFeed = await scan(['bom.json']);
  assert.deepEqual([withoutFeed.exitCode, /hint: suture scan … --feed/.test(withoutFeed.err)], [64, true]);
});

interface Found {
  readonly vulnerability: string;
  readonly purl: string;
  readonly fixedIn: string | null;
}

function shape({ vulnerability, purl, fixedIn }: Found): string {
  return `${vulnerability} ${purl} fixed in ${fixedIn}`;
}

const ROOT: Readonly<Record<string, string>> = {
  'etc/os-release': 'ID=debian\nVERSION_ID=12\n',
  'var/lib/dpkg/status':
    'Package: python3-jinja2\nStatus: install ok installed\nArchitecture: all\nSource: jinja2\nVersion: 2.10-1\n\n',
  'var/lib/dpkg/info/python3-jinja2.list': '/usr/lib/python3/dist-packages/Jinja2-2.10.dist-info/METADATA\n',
  'usr/lib/python3/dist-packages/Jinja2-2.10.dist-info/METADATA': metadata('Jinja2', '2.10'),
  'opt/app/Django-3.2.0.dist-info/METADATA': metadata('Django', '3.2.0'),
};

function metadata(name: string, version: string): string {
  return `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n\n`;
}

/** A folder with feeds of two kinds, and the command run in it. */
function place(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'suture-scan-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const osv = (id: string, ecosystem: string, name: string, more: { aliases?: string[]; events: object[] }): void =>
    write(
      folder,
      `feeds/osv/${id}.json`,
      JSON.stringify({
        id,
        modified: '2026-02-01T00:00:00Z',
        aliases: more.aliases ?? [],
        affected: [
          {
            package: { ecosystem, name },
            ranges: [{ type: ecosystem === 'PyPI' ? 'ECOSYSTEM' : 'SEMVER', events: more.events }],
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
  write(
    folder,
    'feeds/kev/kev.json',
    JSON.stringify({ catalogVersion: '1', dateReleased: '2026-02-01T00:00:00Z', vulnerabilities: [exploited] }),
  );
  return { folder, scan: (args: readonly string[]) => suture(folder, ['scan', ...args]) };
}

function write(folder: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function bom(purls: readonly string[]): string {
  const components = purls.map((purl) => {
    const [name = '', version = ''] = purl.slice(purl.lastIndexOf('/') + 1).split('@');
    return { type: 'library', name, version, purl };
  });
  return JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components });
}

/** An OCI image layout of one layer. */
function image(folder: string, name: string, files: Readonly<Record<string, string>>): void {
  const layer = gzipSync(
    writeTar(
      Object.entries(files).map(([path, text]) => {
        return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, content: Buffer.from(text) };
      }),
    ),
  );
  const blob = (mediaType: string, bytes: Uint8Array) => {
    const hex = createHash('sha256').update(bytes).digest('hex');
    write(folder, `${name}/blobs/sha256/${hex}`, bytes);
    return { mediaType: `application/vnd.oci.image.${mediaType}`, digest: `sha256:${hex}`, size: bytes.length };
  };
  const config = blob('config.v1+json', Buffer.from('{}'));
  const layers = [blob('layer.v1.tar+gzip', layer)];
  const manifest = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', config, layers };
  const manifests = [blob('manifest.v1+json', Buffer.from(JSON.stringify(manifest)))];
  write(folder, `${name}/index.json`, JSON.stringify({ schemaVersion: 2, manifests }));
  write(folder, `${name}/oci-layout`, '{"imageLayoutVersion":"1.0.0"}');
}

function suture(cwd: string, args: readonly string[]) {
  return new Promise<{ exitCode: number; out: string; err: string }>((done) => {
    const command = join(import.meta.dirname, '../../bin/suture');
    const env = { ...process.env, XDG_CACHE_HOME: join(cwd, 'cache') };
    execFile('sh', [command, ...args], { cwd, env, timeout: 120_000 }, (error, out, err) => {
      done({ exitCode: error === null ? 0 : Number(error.code), out, err });
    });
  });
}
