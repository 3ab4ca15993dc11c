import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { boundedReads, numRuns } from '../../../test/support/fuzz-reader.ts';
import { Failure } from '../../core/failure.ts';
import { gunzip } from '../gzip/gunzip.ts';
import { accountsWanted } from './accounts-wanted.ts';
import { alternativesOf } from './alternatives.ts';
import { parseStanzas } from './control-file.ts';
import { debMembers } from './deb-members.ts';
import { parseStatus, statusRecord } from './installed-database.ts';
import { packagesIndex } from './packages-index.ts';
import { readDeb } from './read-deb.ts';
import { parseDependencies, parseProvides } from './relations.ts';
import { parseRelease } from './release-file.ts';
import { sourcesIndex } from './sources-index.ts';
import { sysusersOf } from './sysusers.ts';
import { writeDeb } from './write-deb.ts';

const deb = writeDeb(
  {
    name: 'hello',
    version: '1:2.0-1suture1',
    architecture: 'amd64',
    source: { name: 'hello-src', version: '2.0-1' },
    description: 'Says hello',
    homepage: 'https://hello.example',
    license: 'MIT',
    builtAt: 1_700_000_000,
    dependencies: ['libc6 (>= 2.36) | musl', 'python3:any'],
    provides: ['hi (= 2)'],
    conflicts: ['hi'],
    replaces: ['hi (<< 3)'],
    multiArch: 'same',
    components: [],
  },
  [
    { path: 'etc/a', kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, content: Buffer.from('hello\n') },
    { path: 'usr/a', kind: 'symlink', mode: 0o777, uid: 0, gid: 0, mtime: 0, linkTarget: `/${'etc/'.repeat(40)}a` },
  ],
);
const members = debMembers(deb, 'hello.deb');
const [control, data] = [members.control, members.data].map(({ name, bytes }) =>
  gunzip(bytes, { what: name, outputBytesMax: 2 ** 20 }),
) as [Uint8Array, Uint8Array];
const whole = readDeb({ control, data }, { archive: 'hello.deb' });

const sha256 = 'a'.repeat(64);
const packages = `${whole.stanza}Filename: pool/main/h/hello/hello_2.0.deb\nSize: 10\nSHA256: ${sha256}\n\n`.repeat(2);
const sources = `Package: hello\nBinary: hello, hi\nVersion: 2.0-1\nDirectory: pool/main/h/hello
Checksums-Sha256:\n ${sha256} 10 hello_2.0-1.dsc\n ${sha256} 11 hello_2.0.orig.tar.xz\n\n`;
const release = `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nOrigin: Debian\nSuite: stable\nCodename: bookworm
Date: Sat, 11 Jul 2026 09:59:47 UTC\n-----BEGIN PGP SIGNATURE-----\n\nabcd\n-----END PGP SIGNATURE-----\n`;
const script = `#!/bin/sh\nset -e\nver=1\nif [ "$1" = configure ]; then\n  update-alternatives --quiet --install /usr/bin/x x \\
    /usr/bin/x-$ver 20 --slave /usr/bin/y y "/usr/bin/y" 2>&1 || true\nfi\ncat <<EOF\ntext\nEOF
adduser --system --home /x --gecos 'a b' \`x\` $(echo ")") hello\n`;

const pieces =
  '\n|\n\n|\n |\t|:|,|(|)|>=|[|]|<|>|#|-|/|../|\r|Package:|Version: |Status: |Source: (1)|"|\'|`|$|$(|${|\\|<<EOF|>&|*|%|' +
  '\0|\u2028|\ud800|ü|999999999999999999|-1|`\n|!<arch>\n|debian-binary|u a 1\n|m a b';

const fragment = fc.oneof(fc.constantFrom('|', ...pieces.split('|')), fc.string({ maxLength: 12, unit: 'binary' }));

const mutations = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat({ max: 40 }),
    insert: fc.array(fragment, { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 4 },
);

function mutated(
  right: Uint8Array,
  changes: readonly { at: number; remove: number; insert: readonly string[] }[],
): Buffer {
  let bytes = Buffer.from(right);
  for (const { at, remove, insert } of changes) {
    const offset = Math.floor(at * bytes.length);
    bytes = Buffer.concat([bytes.subarray(0, offset), Buffer.from(insert.join('')), bytes.subarray(offset + remove)]);
  }
  return bytes;
}

/** Each parser with something that it reads; what it gives back must fit into what it was given. */
const parsers: readonly (readonly [string, string | Uint8Array, (bytes: Buffer) => unknown])[] = [
  ['parseStanzas()', packages, (bytes) => parseStanzas(String(bytes), 'x')],
  [
    'parseDependencies()',
    'libc6 (>= 2.36) | musl, python3:any [amd64] <!x>',
    (bytes) => parseDependencies(String(bytes), 'x'),
  ],
  ['parseProvides()', 'hi (= 2), ho', (bytes) => parseProvides(String(bytes), 'x')],
  ['packagesIndex()', packages, (bytes) => everythingOf(packagesIndex(bytes, { suite: 's', at: 'x' }))],
  ['sourcesIndex()', sources, (bytes) => sourcesIndex(bytes, { suite: 's', at: 'x' }).named('hello')],
  ['parseRelease()', release, (bytes) => parseRelease(bytes, 'x')],
  ['debMembers()', deb, (bytes) => debMembers(bytes, 'x')],
  ['readDeb() with a control archive', control, (bytes) => readDeb({ control: bytes, data }, { archive: 'x' })],
  ['readDeb() with a data archive', data, (bytes) => readDeb({ control, data: bytes }, { archive: 'x' })],
  ['parseStatus()', statusRecord(whole).repeat(2), (bytes) => parseStatus(bytes, 'x')],
  [
    'statusRecord()',
    whole.stanza,
    (bytes) => parseStatus(Buffer.from(statusRecord({ ...whole, stanza: String(bytes) })), 'x'),
  ],
  ['alternativesOf()', script, (bytes) => alternativesOf(String(bytes))],
  ['accountsWanted()', script, (bytes) => accountsWanted(String(bytes))],
  ['sysusersOf()', 'u a 1:2 "b c" /d /e\ng f -\nm a f\nr - 1-2\n', (bytes) => sysusersOf(String(bytes))],
];

function everythingOf(index: ReturnType<typeof packagesIndex>): unknown {
  return [...index.names()].flatMap((name) => [index.named(name), index.providing('hi')]);
}

for (const [name, right, parse] of parsers) {
  test(`${name} answers or refuses with a Failure, whatever becomes of its input`, async () => {
    const bytes = Buffer.from(right);
    parse(bytes);
    const bounds = boundedReads(({ code }) => /^E0(?:205|404)$/.test(code));
    await fc.assert(
      fc.asyncProperty(mutations, (changes) => bounds.read(() => parse(mutated(bytes, changes)))),
      { numRuns },
    );
  });
}

test('statusRecord() makes one installed record of one package, or none', () => {
  fc.assert(
    fc.property(mutations, (changes) => {
      const stanza = String(mutated(Buffer.from(whole.stanza), changes));
      try {
        const records = parseStanzas(statusRecord({ ...whole, stanza }), 'x');
        assert.equal(records.length, 1);
        assert.equal(records[0]?.get('status'), 'install ok installed');
      } catch (error) {
        assert.ok(error instanceof Failure, String(error));
      }
    }),
    { numRuns },
  );
});
