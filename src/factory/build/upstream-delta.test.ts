import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recipe } from '../../../test/support/literals.ts';
import { upstreamDelta } from './upstream-delta.ts';

const patch = `--- a/x.c
+++ b/x.c
@@ -1,3 +1,4 @@
 same
-old
+new
+--- not a header
`;

test('upstreamDelta() counts changed lines, without the headers of files', () => {
  const bytes = new TextEncoder().encode(patch);
  const { patches } = upstreamDelta(recipe(), [{ file: 'patches/x.patch', fixes: ['CVE-2099-0001'], bytes }]);
  assert.equal(patches.length, 1);
  assert.deepEqual(
    patches.map(({ file, fixes, linesAdded, linesRemoved }) => ({ file, fixes, linesAdded, linesRemoved })),
    [{ file: 'patches/x.patch', fixes: ['CVE-2099-0001'], linesAdded: 2, linesRemoved: 1 }],
  );
});

test('upstreamDelta() names the variables and commands that choose what is built', () => {
  const { options } = upstreamDelta(
    recipe({
      environment: { CFLAGS: '-O2' },
      steps: [
        { name: 'configure', runs: './configure --prefix=/usr \\\n  --without-docbook\nmake -j2\n' },
        { name: 'again', runs: 'cmake -S . -B build\necho configured\n' },
      ],
    }),
    [],
  );
  assert.deepEqual(options, ['CFLAGS=-O2', './configure --prefix=/usr --without-docbook', 'cmake -S . -B build']);
});
