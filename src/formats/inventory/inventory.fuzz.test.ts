import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describedImage } from '../../../test/support/described-image.ts';
import { nameTable, pointedProgram } from '../../../test/support/go-program.ts';
import { sectionProgram } from '../../../test/support/section-program.ts';
import { zipOf } from '../../../test/support/zip.ts';
import { Failure } from '../../core/failure.ts';
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

const numRuns = process.env['SUTURE_LONG'] === '1' ? 100_000 : 2_000;
/** Of one input, on a busy machine; without trouble they take microseconds. */
const MILLISECONDS_MAX = 2000;

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
const archive = JSON.stringify([{ Config: 'x', RepoTags: ['a:1'], Layers: ['b/layer.tar'] }]);
const cyclonedx = JSON.stringify(cyclonedxOf(describedImage()));
const spdx = JSON.stringify(spdxOf(describedImage()));

type Reader = (bytes: Buffer) => unknown;
const file =
  (kind: Parameters<typeof fileEvidence>[1]['kind']): Reader =>
  (bytes) =>
    fileEvidence(bytesInMemory(bytes), { kind, path: 'x-1', linked: true });

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
  ['dockerArchive()', archive, (bytes) => dockerArchive(bytes, 'x')],
  ['layerMembers()', layer, inventoryOfStream],
];

async function inventoryOfStream(bytes: Buffer): Promise<unknown> {
  const collector = evidenceCollector();
  for await (const entry of layerMembers(inPieces(bytes), 'x')) collector.add(entry);
  return inventoryOf([collector.evidence()]);
}

async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 700) yield bytes.subarray(at, at + 700);
}

const pieces =
  '|"|\\|\\u0000|{|}|[|]|:|,|null|1e999|-1|"purl":"pkg:|"components":[|"__proto__":|pkg:cran/a|@|%00|%ff|../|/|\0|\n|\n\n|\r|\t|ü|' +
  '\ud800|\u202e|Name:|Version: |PK\x03\x04|PK\x01\x02|PK\x05\x06|\xff Go buildinf:|\x7fELF|MZ|=>|dep\t|\xff\xff\xff\xff|\x80\x80\x80\x80';
const fragment = fc.oneof(fc.constantFrom('|', ...pieces.split('|')), fc.string({ maxLength: 12, unit: 'binary' }));
const mutations = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat({ max: 40 }),
    insert: fc.array(fragment, { maxLength: 3 }),
    /** Half of them keep every offset, so that what lies behind is still found. */
    isInPlace: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);
type Mutations = typeof mutations extends fc.Arbitrary<infer T> ? T : never;

function mutated(right: Uint8Array, changes: Mutations): Buffer {
  let bytes = Buffer.from(right);
  for (const { at, remove, insert, isInPlace } of changes) {
    const offset = Math.floor(at * bytes.length);
    const inserted = Buffer.from(insert.join(''), 'latin1');
    const removed = isInPlace ? inserted.length : remove;
    bytes = Buffer.concat([bytes.subarray(0, offset), inserted, bytes.subarray(offset + removed)]);
  }
  return bytes;
}

for (const [name, right, read] of readers) {
  test(`${name} answers or refuses with a Failure, whatever becomes of its input`, async () => {
    const bytes = Buffer.from(right);
    assert.match(JSON.stringify(await read(bytes)), /pkg:|hello|layer\.tar/, 'it reads something');
    let slowest = 0;
    await fc.assert(
      fc.asyncProperty(mutations, async (changes) => {
        const input = mutated(bytes, changes);
        const begun = performance.now();
        try {
          await read(input);
        } catch (error) {
          assert.ok(error instanceof Failure, String(error));
          assert.match(error.code, /^E0(?:205|404)$/);
          assert.ok(error.message.length < 2_000, 'a message is not as long as its input');
        }
        slowest = Math.max(slowest, performance.now() - begun);
      }),
      { numRuns },
    );
    assert.ok(slowest < MILLISECONDS_MAX, `${slowest} ms`);
  });
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
