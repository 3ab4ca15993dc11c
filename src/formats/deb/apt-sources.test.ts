import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeSource, parseSourcesDeb822, parseSourcesList } from './apt-sources.ts';
import type { AptSource } from './apt-sources.ts';

const plain: AptSource = {
  enabled: true,
  types: ['deb'],
  uris: ['http://mirror.example/debian'],
  suites: ['bookworm'],
  components: ['main'],
  signedBy: null,
  checkValidUntil: null,
};

const lines: readonly (readonly [situation: string, line: string, expected: readonly AptSource[]])[] = [
  ['plain', 'deb http://mirror.example/debian bookworm main', [plain]],
  ['blanks and a comment', '  deb\thttp://mirror.example/debian  bookworm main # ours', [plain]],
  [
    'options',
    'deb [ arch=amd64 signed-by=/k/a.gpg,/k/b.gpg check-valid-until=no ] http://mirror.example/debian bookworm main',
    [{ ...plain, signedBy: '/k/a.gpg,/k/b.gpg', checkValidUntil: false }],
  ],
  [
    'more components',
    'deb http://mirror.example/debian bookworm main contrib',
    [{ ...plain, components: ['main', 'contrib'] }],
  ],
  ['a flat archive', 'deb http://mirror.example/debian ./', [{ ...plain, suites: ['./'], components: [] }]],
  ['sources', 'deb-src http://mirror.example/debian bookworm main', [{ ...plain, types: ['deb-src'] }]],
  ['switched off', '# deb http://mirror.example/debian bookworm main', []],
  ['a disc', 'deb cdrom:[Debian GNU/Linux 12 _Bookworm_]/ bookworm main', []],
  ['no suite', 'deb http://mirror.example/debian', []],
  ['another type', 'rpm http://mirror.example/debian bookworm main', []],
];

for (const [situation, line, expected] of lines) {
  test(`parseSourcesList() reads: ${situation}`, () => assert.deepEqual(parseSourcesList(line), expected));
}

test('parseSourcesDeb822() reads: several entries, lists, comments, one switched off', () => {
  const text = `# of the installer
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
# between fields
Components: main
Check-Valid-Until: no

Enabled: No
Types: deb
URIs: http://mirror.example/debian
Suites: sid
Components: main contrib
`;
  assert.deepEqual(parseSourcesDeb822(text, 'x.sources'), [
    { ...plain, types: ['deb', 'deb-src'], suites: ['bookworm', 'bookworm-updates'], checkValidUntil: false },
    { ...plain, enabled: false, suites: ['sid'], components: ['main', 'contrib'] },
  ]);
});

const KEY = `
-----BEGIN PGP PUBLIC KEY BLOCK-----
.
mDMEZ
-----END PGP PUBLIC KEY BLOCK-----`;

test('parseSourcesDeb822() reads: a whole key in Signed-By, with the dot that stands for an empty line', () => {
  const text = `Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm\nComponents: main\nSigned-By:${KEY.replaceAll('\n', '\n ')}\n`;
  assert.deepEqual(parseSourcesDeb822(text, 'x.sources'), [{ ...plain, signedBy: KEY }]);
});

test('encodeSource() is read back as it was', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9./-]{0,12}$/);
  const list = fc.array(word, { minLength: 1, maxLength: 3 });
  const source = fc.record(
    {
      enabled: fc.constant(true),
      types: fc.constantFrom(['deb'], ['deb', 'deb-src']),
      uris: list,
      suites: list,
      components: fc.array(word, { maxLength: 3 }),
      signedBy: fc.constantFrom(null, '/k/a.gpg /k/b.gpg', KEY),
      checkValidUntil: fc.constantFrom(null, true, false),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(source), (sources) => {
      const text = sources.map(encodeSource).join('\n');
      assert.deepEqual(parseSourcesDeb822(text, 'x.sources'), sources);
    }),
  );
});
