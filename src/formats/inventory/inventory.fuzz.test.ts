import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describedImage } from '../../../test/support/described-image.ts';
import { fuzzReader, numRuns } from '../../../test/support/fuzz-reader.ts';
import { nameTable, pointedProgram } from '../../../test/support/go-program.ts';
import { sectionProgram } from '../../../test/support/section-program.ts';
import { zipOf } from '../../../test/support/zip.ts';
import { parseInstalledDatabase } from '../apk/installed-database.ts';
import { encodeEmbeddedFacts, parseEmbeddedFacts } from '../apk/embedded-facts.ts';
import { cyclonedxOf } from '../cyclonedx/encode-cyclonedx.ts';
import { readCyclonedx } from '../cyclonedx/read-cyclonedx.ts';
import { bytesInMemory } from '../program/random-bytes.ts';
import { longDocument } from '../sbom/document.ts';
import { inventoryOfSbom } from '../sbom/inventory-of-sbom.ts';
import { spdxOf } from '../spdx/encode-spdx.ts';
import { readSpdxEntries } from '../spdx/read-spdx-entries.ts';
import { writeTar } from '../tar/write-tar.ts';
import { dockerArchive } from './docker-archive.ts';
import { fileEvidence } from './file-evidence.ts';
import { inventoryOf } from './inventory-of-layers.ts';
import { evidenceCollector, layerEvidence } from './layer-evidence.ts';
import { layerMembers } from './layer-members.ts';

const metadata = 'Metadata-Version: 2.1\nName: pip\nVersion: 23.0.1\n\nText\n';
const gemspec =
  '# stub: rake 13.0.6 ruby lib\n\nGem::Specification.new do |s|\n  s.name = "rake".freeze\n  s.version = Gem::Version.new("13.0.6")\n';
const pom = { 'META-INF/maven/g/a/pom.properties': 'groupId=g\nartifactId=a\nversion=1\n' };
const jar = zipOf({
  'lib/b-1.jar': zipOf(pom),
  'META-INF/MANIFEST.MF': Buffer.from('Implementation-Version: 1\r\n 2\r\n'),
  ...pom,
});
const crates = deflateSync(JSON.stringify({ packages: [{ name: 'itoa', version: '1.0.0', source: 'x', root: true }] }));
const modules = 'path\ta/b\nmod\ta\tv1.0.0\th1:\ndep\tc\tv1.0.0\n=>\td\tv2.0.0\th1:\n';
const info = Buffer.concat([Buffer.alloc(16, 0x30), Buffer.from(modules), Buffer.alloc(16, 0xf9)]);
const inline = Buffer.concat([
  Buffer.from('ff20476f206275696c64696e663a0802', 'hex'),
  Buffer.alloc(16),
  Buffer.from([6]),
  Buffer.from('go1.25'),
  Buffer.from([info.length]),
  info,
]);
const layer = writeTar(
  [
    ['etc/os-release', 'ID=debian\nVERSION_ID=12\n'],
    ['var/lib/dpkg/status', 'Package: x\nStatus: install ok installed\nVersion: 1\n\n'],
    ['var/lib/dpkg/info/x.list', `/opt/x.dist-info/METADATA\n/${'opt/'.repeat(40)}\n`],
    ['opt/x.dist-info/METADATA', metadata],
    [`opt/${'long/'.repeat(40)}x.jar`, 'no zip'],
  ].map(([path = '', text = '']) => ({
    path,
    kind: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: 0,
    content: Buffer.from(text),
  })),
);
const apks =
  'P:hello\nV:1.0-r0\nA:x86_64\no:hello\nL:MIT\nF:usr/bin\nR:hello\nZ:Q1AAAA\nD:so:x>=1 !y\np:cmd:z=1\n\n'.repeat(2);
const deb = 'Package: hello\nVersion: 1:2.0-1\nArchitecture: amd64\nSource: hi (2.0)\nDescription: x\n y\n';
const facts = encodeEmbeddedFacts({
  name: 'hello',
  version: '1.0-r0',
  license: 'MIT',
  builtAt: 0,
  components: inventoryOfFile('var/lib/dpkg/status.d/hello', Buffer.from(deb)).components,
});
const archive = JSON.stringify([{ Config: 'x', RepoTags: ['a:1'], Layers: ['b/layer.tar'] }]);
const cyclonedx = JSON.stringify(cyclonedxOf(describedImage()));
const spdx = JSON.stringify(spdxOf(describedImage()));

type Reader = (bytes: Buffer) => unknown;
const file =
  (kind: Parameters<typeof fileEvidence>[1]['kind']): Reader =>
  (bytes) =>
    fileEvidence(bytesInMemory(bytes), { kind, path: 'x-1', linked: true });

const fileList: Reader = (bytes) => evidenceOfFile('var/lib/dpkg/info/hello.list', bytes);
const sums: Reader = (bytes) => evidenceOfFile('var/lib/dpkg/status.d/hello.md5sums', bytes);

const readers: readonly (readonly [string, string | Uint8Array, Reader])[] = [
  ['fileEvidence() of Python', metadata, file('python')],
  ['fileEvidence() of npm', '{"name":"@a/b","version":"1.0.0"}', file('npm')],
  ['fileEvidence() of Ruby', gemspec, file('gem')],
  ['fileEvidence() of a jar', jar, file('jar')],
  ['fileEvidence() of Go', sectionProgram({ '.go.buildinfo': inline }), file('program')],
  [
    'fileEvidence() of the names in Go',
    sectionProgram({ '.go.buildinfo': inline, '.gopclntab': nameTable() }),
    file('program'),
  ],
  ['fileEvidence() of old Go', pointedProgram('go1.16', modules, {}), file('program')],
  ['fileEvidence() of Rust', sectionProgram({ '.text': info, '.dep-v0': crates }), file('program')],
  ['inventoryOfSbom() of CycloneDX', cyclonedx, (bytes) => inventoryOfSbom(bytes, 'x')],
  ['inventoryOfSbom() of SPDX', spdx, (bytes) => inventoryOfSbom(bytes, 'x')],
  ['readCyclonedx() of a long document', cyclonedx, (bytes) => readCyclonedx(longDocument(bytes, 'x'))],
  ['readSpdxEntries() of a long document', spdx, (bytes) => readSpdxEntries(longDocument(bytes, 'x'))],
  ['parseInstalledDatabase()', apks, (bytes) => parseInstalledDatabase(bytes, 'x')],
  ['parseEmbeddedFacts()', facts, (bytes) => parseEmbeddedFacts(bytes, 'hello', 'x')],
  ['layerEvidence() of status.d', deb, (bytes) => inventoryOfFile('var/lib/dpkg/status.d/hello', bytes)],
  ['layerEvidence() of a list of files', `/opt/hello\n/opt/${'x/'.repeat(40)}\n`, fileList],
  ['layerEvidence() of sums of files', `${'0'.repeat(32)}  opt/hello\n`, sums],
  ['layerEvidence() of os-release', 'ID=hello\nVERSION_ID="12"\n', (bytes) => evidenceOfFile('etc/os-release', bytes)],
  ['dockerArchive()', archive, (bytes) => dockerArchive(bytes, 'x')],
  ['layerMembers()', layer, inventoryOfStream],
];

function evidenceOfFile(path: string, content: Buffer) {
  return layerEvidence([{ path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, content }]);
}

function inventoryOfFile(path: string, content: Buffer) {
  return inventoryOf([evidenceOfFile(path, content)]);
}

async function inventoryOfStream(bytes: Buffer): Promise<unknown> {
  const collector = evidenceCollector();
  for await (const entry of layerMembers(inPieces(bytes), 'x')) collector.add(entry);
  return inventoryOf([collector.evidence()]);
}

async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 700) yield bytes.subarray(at, at + 700);
}

for (const [name, right, read] of readers) {
  test(`${name} reads what it is given`, async () => {
    assert.match(JSON.stringify(await read(Buffer.from(right))), /pkg:|hello|layer\.tar/);
  });
  fuzzReader({ name, right, read, codes: /^E0(?:205|404)$/ });
}

test('layerEvidence() of any names gives evidence from which an inventory can be made', () => {
  const name = fc.oneof(
    fc.constantFrom('__proto__', 'node_modules', 'x', 'constructor', 'usr', 'x.dist-info', '.wh.x', '.wh..wh..opq'),
    fc.string({ minLength: 1, maxLength: 6 }).filter((text) => !text.includes('/')),
  );
  const last = fc.constantFrom('METADATA', 'package.json', 'x.jar', '__proto__', '.wh.x', 'x.list', 'installed');
  const entry = fc
    .tuple(fc.array(name, { maxLength: 4 }), last, fc.constantFrom(metadata, '{"name":"a","version":"1"}', ''))
    .map(([folders, lastName, text]) => ({
      path: [...folders, lastName].join('/'),
      kind: 'file' as const,
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtime: 0,
      content: Buffer.from(text),
    }));
  fc.assert(
    fc.property(fc.array(fc.array(entry, { maxLength: 8 }), { maxLength: 4 }), (layers) => {
      const evidence = layers.map((entries) => layerEvidence(entries));
      const kept = JSON.parse(JSON.stringify(evidence)) as typeof evidence;
      assert.deepEqual(inventoryOf(kept), inventoryOf(evidence));
    }),
    { numRuns },
  );
});
