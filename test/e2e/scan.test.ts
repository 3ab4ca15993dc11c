import assert from 'node:assert/strict';
import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestOf } from '../../src/core/digest.ts';
import { goProgram } from '../support/go-program.ts';
import { layeredImage, writeLayout } from '../support/layered-image.ts';
import { ndbDatabase, rpmDatabase, rpmPackage } from '../support/rpm-database.ts';
import { scanPlace, writeIn } from '../support/scan-place.ts';

test('suture scan of a bill of materials: every state is told, and --why repeats what was asked', async (t) => {
  const { folder, scan } = scanPlace(t);
  writeIn(folder, 'bom.json', bom(['pkg:pypi/django@3.2.0', 'pkg:npm/left-pad@1.0.0', 'pkg:cran/zoo@1.0']));
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
  const { folder, scan } = scanPlace(t);
  writeIn(folder, 'bom.json', bom(['pkg:pypi/django@3.2.0', 'pkg:npm/left-pad@1.0.0']));
  const bad = await scan(['bom.json', '--feed', 'feeds', '--fail-on', 'high', '--only-fixed']);
  assert.equal(bad.exitCode, 2);
  assert.match(bad.out, /1 without a fix are not shown/);
  writeIn(folder, 'good.json', bom(['pkg:pypi/django@3.2.5']));
  writeIn(folder, 'other.json', bom(['pkg:cran/zoo@1.0']));
  const other = await scan(['other.json', '--feed', 'feeds', '--fail-on', 'low']);
  assert.deepEqual([other.exitCode, /nothing can be said/.test(other.out)], [3, true]);
  const good = await scan(['good.json', '--feed', 'feeds', '--fail-on', 'low']);
  assert.deepEqual([good.exitCode, /nothing known is open/.test(good.out)], [0, true]);
});

test('suture scan of a folder: Debian answers for its own, a Go program and a loose module are found', async (t) => {
  const { folder, scan } = scanPlace(t);
  const program = goProgram(t, {});
  if (program === undefined) return;
  for (const [path, content] of Object.entries(ROOT)) writeIn(folder, `root/${path}`, content);
  writeIn(folder, 'root/opt/hello', program);
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
  const { folder, scan } = scanPlace(t);
  writeLayout(folder, 'image', layeredImage([ROOT]));
  const { out } = await scan(['image', '--feed', 'feeds', '--format', 'sarif']);
  const { version, runs } = JSON.parse(out);
  const [{ tool, results }] = runs;
  assert.deepEqual([version, tool.driver.name], ['2.1.0', 'Suture']);
  const uris: string[] = [];
  for (const { ruleId, ruleIndex, level, message, locations } of results) {
    assert.equal(tool.driver.rules[ruleIndex].id, ruleId);
    assert.match(tool.driver.rules[ruleIndex].properties['security-severity'], /^(?:10|\d)\.\d$/);
    assert.ok(['none', 'note', 'warning', 'error'].includes(level) && message.text !== '');
    const { artifactLocation } = locations[0].physicalLocation;
    uris.push(artifactLocation.uri);
  }
  // No record of this Debian is at hand, so what lies in its package is told as well.
  assert.deepEqual(uris.toSorted(), [
    'opt/app/Django-3.2.0.dist-info/METADATA',
    'usr/lib/python3/dist-packages/Jinja2-2.10.dist-info/METADATA',
  ]);
});

test('suture scan - reads a bill of materials of more than 64 MiB from stdin, byte for byte', async (t) => {
  const { scan } = scanPlace(t);
  const whole = bom(['pkg:pypi/django@3.2.0']);
  const large = Buffer.concat([Buffer.from(whole), Buffer.alloc(65 * 2 ** 20, ' ')]);
  const { exitCode, out, err } = await scan(['-', '--feed', 'feeds', '--json', '--fail-on', 'low'], large);
  assert.deepEqual([exitCode, JSON.parse(out).target.name, JSON.parse(out).items.length], [2, 'stdin', 1], err);
  const broken = await scan(
    ['-', '--feed', 'feeds'],
    Buffer.from('{"bomFormat":"CycloneDX","x":"\xff\xfe"}', 'latin1'),
  );
  assert.deepEqual([broken.exitCode, broken.err.match(/error\[E0404\]/g)?.length], [65, 1], broken.err);
});

test('suture scan --severity-source rates by the first that is named, and says so', async (t) => {
  const { folder, scan } = scanPlace(t);
  writeIn(folder, 'bom.json', bom(['pkg:pypi/django@3.2.0']));
  const rated = (type: string, [baseScore, baseSeverity, harm]: readonly [number, string, string]) => ({
    source: type === 'Primary' ? 'nvd@nist.gov' : 'cna@example.org',
    type,
    cvssData: { version: '3.1', vectorString: `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/${harm}`, baseScore, baseSeverity },
  });
  const cve = {
    id: 'CVE-2026-0001',
    sourceIdentifier: 'cna@example.org',
    published: '2026-01-01T00:00:00.000',
    lastModified: '2026-01-01T00:00:00.000',
    vulnStatus: 'Analyzed',
    descriptions: [],
    metrics: {
      cvssMetricV31: [
        rated('Primary', [9.8, 'CRITICAL', 'C:H/I:H/A:H']),
        rated('Secondary', [5.3, 'MEDIUM', 'C:L/I:N/A:N']),
      ],
    },
  };
  writeIn(folder, 'feeds/nvd/nvd.json', JSON.stringify({ format: 'NVD_CVE', vulnerabilities: [{ cve }] }));
  const cases = [
    [
      'nvd,cna',
      'critical',
      /nvd .*critical 9\.8 is of the first source in the order of --severity-source \(nvd, cna\)/,
    ],
    ['cna', 'medium', /cna .*medium 5\.3 is of the first source in the order of --severity-source \(cna\)/],
    ['ghsa', 'high', /^nobody in the order of --severity-source \(ghsa\) rates it, and then it counts as high$/],
  ] as const;
  for (const [sources, level, why] of cases) {
    const { out, err } = await scan(['bom.json', '--feed', 'feeds', '--json', '--severity-source', sources]);
    const [item] = JSON.parse(out).items;
    assert.deepEqual([item.level, err], [level, err]);
    assert.match(item.rating.why, why);
  }
  const unknown = await scan(['bom.json', '--feed', 'feeds', '--severity-source', 'nvd,me']);
  assert.deepEqual(
    [unknown.exitCode, unknown.err.startsWith('error[E0902]: --severity-source knows no me')],
    [64, true],
  );
});

test('suture scan reads the packages of an rpm database, in an image and in a folder', async (t) => {
  const { folder, scan, osv } = scanPlace(t);
  osv('RHSA-2026:1', 'Red Hat:enterprise_linux:9::baseos', 'openssl-libs', {
    aliases: ['CVE-2026-8001'],
    events: [{ introduced: '0' }, { fixed: '1:3.0.7-28.el9_4' }],
  });
  osv('SUSE-SU-2026:1', 'SUSE:Linux Enterprise Module for Basesystem 15 SP5', 'openssl-3', {
    aliases: ['CVE-2026-8001'],
    events: [{ introduced: '0' }, { fixed: '3.0.8-150500.5.40.1' }],
  });
  const rhel = rpmDatabase([
    rpmPackage('openssl-libs', '3.0.7-27.el9', { 1003: [1], 1044: 'openssl-3.0.7-27.el9.src.rpm' }),
    rpmPackage('bash', '5.1.8-9.el9'),
    rpmPackage('gpg-pubkey', 'fd431d51-4ae0493b'),
  ]);
  const suse = ndbDatabase([
    rpmPackage('libopenssl3', '3.0.8-150500.5.39.1', { 1044: 'openssl-3-3.0.8-150500.5.39.1.src.rpm' }),
  ]);
  const image = layeredImage([
    { 'etc/os-release': 'ID="rhel"\nVERSION_ID="9.4"\n', 'var/lib/rpm/rpmdb.sqlite': rhel },
    { 'opt/x': 'x' },
  ]);
  writeLayout(folder, 'image', image);
  writeIn(folder, 'root/etc/os-release', 'ID="sles"\nVERSION_ID="15.5"\n');
  writeIn(folder, 'root/usr/lib/sysimage/rpm/Packages.db', suse);
  const asked = async (target: string) => JSON.parse((await scan([target, '--feed', 'feeds', '--json'])).out);
  const [red, green] = [await asked('image'), await asked('root')];
  const told = ({ items }: typeof red) =>
    items.map((row: Record<string, unknown>) => [row['vulnerability'], row['package'], row['version'], row['fixedIn']]);
  assert.deepEqual(told(red), [['CVE-2026-8001', 'openssl-libs', '1:3.0.7-27.el9', '1:3.0.7-28.el9_4']]);
  assert.equal(red.items[0].layer.index, 0);
  assert.deepEqual([red.summary.components, red.target.unreadDatabases, red.notAssessed], [2, [], []]);
  assert.deepEqual(told(green), [['CVE-2026-8001', 'openssl-3', '3.0.8-150500.5.39.1', '3.0.8-150500.5.40.1']]);
});

test('suture scan says of an rpm database that it cannot read that none of its packages was looked at', async (t) => {
  const { folder, scan } = scanPlace(t);
  const databases = ['var/lib/rpm/rpmdb.sqlite', 'usr/lib/sysimage/rpm/Packages.db', 'var/lib/rpm/Packages'];
  for (const path of databases) writeIn(folder, `root/${path}`, 'SQLite format 3\0');
  writeIn(folder, 'root/usr/lib/sysimage/rpm/rpmdb.sqlite', rpmDatabase([rpmPackage('bash', '5-1')]));
  writeIn(folder, 'root/usr/lib/sysimage/rpm/rpmdb.sqlite-wal', 'what was not written yet');
  writeLayout(folder, 'image', layeredImage([{ 'var/lib/rpm/rpmdb.sqlite': 'SQLite format 3\0' }]));
  const root = JSON.parse((await scan(['root', '--feed', 'feeds', '--json'])).out);
  assert.deepEqual(root.target.unreadDatabases, databases.toSorted());
  assert.deepEqual(root.target.unread, [...databases, 'usr/lib/sysimage/rpm/rpmdb.sqlite-wal'].toSorted());
  assert.equal(root.summary.components, 1);
  const { out } = await scan(['image', '--feed', 'feeds']);
  assert.match(out, /not assessed: an rpm database \(var\/lib\/rpm\/rpmdb\.sqlite\)/);
});

test('suture scan --vex of an image: a statement about its digest as a whole is a finding of the image', async (t) => {
  const { folder, scan } = scanPlace(t);
  const image = layeredImage([{ 'app/node_modules/beside/package.json': '{"name":"beside","version":"1.0.0"}' }]);
  writeLayout(folder, 'image', image);
  const digest = digestOf(image.manifest);
  const about = (name: string, product: object) => ({
    vulnerability: { name },
    products: [product],
    status: 'affected',
    action_statement: 'take the next one',
  });
  const document = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://example.org/vex/3',
    author: 'Example',
    timestamp: '2026-02-02T00:00:00Z',
    version: 1,
    statements: [
      about('CVE-2026-9001', { '@id': digest }),
      about('CVE-2026-9002', { '@id': digest, subcomponents: [{ '@id': 'pkg:npm/beside' }] }),
      about('CVE-2026-9003', { '@id': digest, subcomponents: [{ '@id': 'pkg:npm/other' }] }),
      about('CVE-2026-9004', { '@id': `sha256:${'0'.repeat(64)}` }),
    ],
  };
  writeIn(folder, 'vex.json', JSON.stringify(document));
  const { out } = await scan(['image', '--feed', 'feeds', '--vex', 'vex.json', '--json']);
  const rows = JSON.parse(out).items.map((row: Record<string, unknown>) => [row['vulnerability'], row['purl']]);
  assert.deepEqual(rows.toSorted(), [
    ['CVE-2026-9001', `pkg:oci/image@${encodeURIComponent(digest)}`],
    ['CVE-2026-9002', 'pkg:npm/beside@1.0.0'],
  ]);
});

test('suture scan with a cache that cannot be written answers all the same, and says that nothing is kept', async (t) => {
  const { folder, tmp, scan } = scanPlace(t, { XDG_CACHE_HOME: '/dev/null' });
  writeIn(folder, 'bom.json', bom(['pkg:pypi/django@3.2.0']));
  const { exitCode, out } = await scan(['bom.json', '--feed', 'feeds', '--fail-on', 'low']);
  assert.equal(exitCode, 2);
  assert.match(out, /\/dev\/null\/suture\/feeds cannot be written, so the feeds are read anew each time/);
  assert.deepEqual(readdirSync(tmp), []);
});

test('suture scan --vex keeps what it suppresses, and says who stated it', async (t) => {
  const { folder, scan } = scanPlace(t);
  writeIn(folder, 'bom.json', bom(['pkg:pypi/django@3.2.0']));
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
  writeIn(folder, 'vex.json', JSON.stringify(document));
  const { out } = await scan(['bom.json', '--feed', 'feeds', '--vex', 'vex.json', '--json', '--fail-on', 'low']);
  const { items, suppressed } = JSON.parse(out);
  assert.deepEqual([items, suppressed.length], [[], 1]);
  assert.match(suppressed[0].because, /Example states not_affected: vulnerable_code_not_present/);
});

test('suture scan --vex finds what a statement calls affected and no record does, rated by whoever rates the id', async (t) => {
  const { folder, scan } = scanPlace(t);
  writeIn(folder, 'bom.json', bom(['pkg:pypi/flask@1.0.0', 'pkg:npm/beside@1.0.0', 'pkg:pypi/django@3.2.0']));
  const severity = [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }];
  const elsewhere = { id: 'CVE-2026-7001', modified: '2026-02-01T00:00:00Z', severity, affected: [] };
  writeIn(folder, 'feeds/osv/CVE-2026-7001.json', JSON.stringify(elsewhere));
  const about = (name: string, status: string, product: string) => ({
    vulnerability: { name },
    products: [{ '@id': product }],
    status,
    ...(status === 'affected' ? { action_statement: 'take 1.1' } : {}),
  });
  const document = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://example.org/vex/2',
    author: 'Example',
    timestamp: '2026-02-02T00:00:00Z',
    version: 1,
    statements: [
      about('CVE-2026-7001', 'affected', 'pkg:pypi/flask'),
      about('CVE-2026-7002', 'affected', 'pkg:pypi/flask@1.0.0'),
      about('CVE-2026-7003', 'under_investigation', 'pkg:npm/beside@1.0.0'),
      about('CVE-2026-7004', 'affected', 'pkg:pypi/flask@2.0.0'),
      about('GHSA-aaaa-aaaa-aaaa', 'affected', 'pkg:pypi/django'),
    ],
  };
  writeIn(folder, 'vex.json', JSON.stringify(document));
  const args = ['bom.json', '--feed', 'feeds', '--vex', 'vex.json'];
  const { out, exitCode } = await scan([...args, '--json', '--fail-on', 'critical']);
  const { items, undetermined } = JSON.parse(out);
  const ids = (rows: { vulnerability: string; rating: { by: string | null } }[]) =>
    rows.map(({ vulnerability, rating }) => `${vulnerability} ${rating.by === null ? 'unrated' : 'rated'}`).toSorted();
  assert.equal(exitCode, 2);
  assert.deepEqual(
    ids(items).filter((each) => each.startsWith('CVE-2026-7')),
    ['CVE-2026-7001 rated', 'CVE-2026-7002 unrated'],
  );
  assert.equal(items.filter((row: { package: string }) => row.package === 'django').length, 1);
  assert.deepEqual(ids(undetermined), ['CVE-2026-7003 unrated']);
  const why = await scan([...args, '--why', 'CVE-2026-7002']);
  assert.match(
    why.out.replace(/\s+/g, ' '),
    /why Example states affected: take 1\.1 \(https:\/\/example\.org\/vex\/2, 2026-02-02\)/,
  );
});

test('suture scan of a document takes any system for granted, and of one that lists a distribution Linux', async (t) => {
  const { folder, scan } = scanPlace(t);
  const events = [{ introduced: '0' }];
  const affected = {
    package: { ecosystem: 'Go', name: 'example.com/win' },
    ranges: [{ type: 'SEMVER', events }],
    ecosystem_specific: { imports: [{ path: 'example.com/win', goos: ['windows'] }] },
  };
  const record = { id: 'GO-2026-0009', modified: '2026-02-01T00:00:00Z', affected: [affected] };
  writeIn(folder, 'feeds/osv/GO-2026-0009.json', JSON.stringify(record));
  const module = 'pkg:golang/example.com/win@v1.0.0';
  writeIn(folder, 'any.json', bom([module]));
  writeIn(folder, 'debian.json', bom([module, 'pkg:deb/debian/bash@5.2-1?distro=debian-12']));
  const found = async (name: string) => JSON.parse((await scan([name, '--feed', 'feeds', '--json'])).out).items.length;
  assert.deepEqual([await found('any.json'), await found('debian.json')], [1, 0]);
});

test('suture scan of what is hostile or nothing gives one clear error', async (t) => {
  const { folder, scan } = scanPlace(t);
  const deep = `{"bomFormat":"CycloneDX","specVersion":"1.6","components":${'['.repeat(1e5)}${']'.repeat(1e5)}}`;
  writeIn(folder, 'deep.json', deep);
  writeIn(folder, 'huge.json', '{');
  truncateSync(join(folder, 'huge.json'), 3 * 2 ** 30);
  writeIn(folder, 'other.json', '{"a": 1}');
  writeIn(folder, 'text.txt', 'no bill of materials');
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
  writeIn(folder, 'bom.json', bom([]));
  writeIn(folder, 'void/README.md', '# no advisories');
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

function bom(purls: readonly string[]): string {
  const components = purls.map((purl) => {
    const [name = '', version = ''] = purl.slice(purl.lastIndexOf('/') + 1).split('@');
    return { type: 'library', name, version, purl };
  });
  return JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components });
}
