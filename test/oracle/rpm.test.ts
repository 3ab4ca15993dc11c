import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { parseRpmDatabase } from '../../src/formats/rpm/installed-database.ts';
import { inventoryOfFolder } from '../../src/io/inventory/inventory-of-folder.ts';
import { toolPath } from '../support/tool.ts';

const DATABASE = 'usr/lib/sysimage/rpm/rpmdb.sqlite';
const METADATA = 'usr/lib/python3/site-packages/hello-1.0.dist-info/METADATA';

/** Two packages of one source with an epoch, and many of another with a few hundred files each. */
const SPECS: Readonly<Record<string, string>> = {
  hello: `Name: hello
Version: 1.2
Release: 3%{?dist}
Epoch: 2
Summary: x
License: MIT and BSD
BuildArch: noarch
%description
x
%package -n python3-hello
Summary: y
%description -n python3-hello
y
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/usr/lib/python3/site-packages/hello-1.0.dist-info
echo hello > %{buildroot}/usr/bin/hello
printf 'Metadata-Version: 2.1\\nName: hello\\nVersion: 1.0\\n\\n' > %{buildroot}/${METADATA}
%files
/usr/bin/hello
%files -n python3-hello
/usr/lib/python3/site-packages/hello-1.0.dist-info
`,
  many: `Name: many
Version: 2.0~rc1
Release: 1
Summary: x
License: MIT
BuildArch: noarch
%description
x
${numbers(12)
  .map(
    (each) => `%package part${each}\nSummary: y\n%description part${each}\ny\n%files part${each}\n/opt/part${each}\n`,
  )
  .join('')}
%install
for part in $(seq 1 12); do mkdir -p %{buildroot}/opt/part$part/$part; for file in $(seq 1 100); do echo x > %{buildroot}/opt/part$part/$part/file-$file; done; done
`,
};

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** A root that rpm itself filled with packages that it built; undefined where there is no rpm. */
function installedRoot(
  t: TestContext,
): { readonly root: string; readonly rpm: (...args: string[]) => string } | undefined {
  const [program, builder] = [toolPath(t, 'rpm'), toolPath(t, 'rpmbuild')];
  if (program === undefined || builder === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'suture-rpm-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const root = join(folder, 'root');
  mkdirSync(join(root, 'etc'), { recursive: true });
  for (const [name, text] of Object.entries(SPECS)) {
    const spec = join(folder, `${name}.spec`);
    writeFileSync(spec, text);
    execFileSync(builder, ['-bb', '--quiet', '--define', `_topdir ${folder}/top`, spec], { stdio: 'ignore' });
  }
  const rpm = (...args: string[]): string =>
    execFileSync(
      program,
      ['--root', root, '--define', '_dbpath /usr/lib/sysimage/rpm', '--define', '_db_backend sqlite', ...args],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
  const files = execFileSync('find', [join(folder, 'top'), '-name', '*.rpm'], { encoding: 'utf8' })
    .trim()
    .split('\n');
  try {
    rpm('--initdb');
    rpm('-i', '--nodeps', '--ignoreos', '--noscripts', ...files);
  } catch {
    t.skip('skipped: rpm cannot install into a root here');
    return undefined;
  }
  if (existsSync(join(root, DATABASE))) return { root, rpm };
  t.skip('skipped: this rpm has no SQLite');
  return undefined;
}

test('parseRpmDatabase() lists what rpm -qa lists, with the same files, and an inventory has them', (t) => {
  const installed = installedRoot(t);
  if (installed === undefined) return;
  const { root, rpm } = installed;
  const read = parseRpmDatabase(readFileSync(join(root, DATABASE)), DATABASE);
  const listed = rpm('-qa', '--qf', '%{NAME} %{EPOCH} %{VERSION}-%{RELEASE} %{ARCH} %{SOURCERPM} %{LICENSE}\n');
  const lines = read.map((one) =>
    [one.name, one.epoch ?? '(none)', one.version, one.architecture, one.source ?? '(none)', one.license].join(' '),
  );
  assert.equal(lines.length, 14);
  assert.deepEqual(lines.toSorted(), listed.trim().split('\n').toSorted());
  const owned = rpm('-qa', '--qf', '[%{=NAME} %{FILENAMES}\n]').trim().split('\n');
  const files = read.flatMap((one) => one.files.map((path) => `${one.name} /${path}`));
  assert.ok(files.length > 1200);
  assert.deepEqual(files.toSorted(), owned.toSorted());
  // What is inside of it, and whose each file is.
  writeFileSync(join(root, 'etc/os-release'), 'ID="rocky"\nVERSION_ID="9.4"\n');
  const { inventory, unread } = inventoryOfFolder(root);
  const release = rpm('-q', '--qf', '%{RELEASE}', 'hello').trim();
  assert.deepEqual(unread, []);
  const of = (name: string) => inventory.components.filter((each) => each.package === name);
  assert.deepEqual(
    of('python3-hello').map(({ purl, upstream, stream, version }) => [purl, upstream, stream, version]),
    [
      ['pkg:pypi/hello@1.0', 'pkg:pypi/hello', '1', '1.0'],
      [
        `pkg:rpm/rocky/python3-hello@1.2-${release}?arch=noarch&distro=rocky-9.4&epoch=2&upstream=hello-1.2-${release}.src.rpm`,
        'pkg:rpm/rocky-linux/hello',
        '9',
        // The source has the same version: its epoch is the package's own.
        `2:1.2-${release}`,
      ],
    ],
  );
  assert.equal(of('python3-hello')[0]?.ownedBy, 'python3-hello');
  assert.equal(inventory.components.length, 15);
});
