import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describedImage } from '../../../test/support/described-image.ts';
import { digestOf } from '../../core/digest.ts';
import { cyclonedxOf } from './encode-cyclonedx.ts';

test('cyclonedxOf() has unique references, and every dependency points to one of them', () => {
  const bom = cyclonedxOf(describedImage());
  const refs = [bom.metadata.component['bom-ref'], ...bom.components.map((one) => one['bom-ref'])];
  assert.equal(new Set(refs).size, refs.length);
  for (const { ref, dependsOn } of bom.dependencies) {
    assert.ok(refs.includes(ref));
    for (const target of dependsOn) assert.ok(refs.includes(target), target);
  }
  assert.match(bom.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('cyclonedxOf() says licences as they can be said, and what our patches removed', () => {
  const { components } = cyclonedxOf(describedImage());
  const [hello, libhello, tool] = components;
  assert.deepEqual(hello && 'licenses' in hello && hello.licenses, [{ expression: 'Apache-2.0 OR MIT' }]);
  assert.deepEqual(libhello && 'licenses' in libhello && libhello.licenses, [{ license: { name: 'see COPYING' } }]);
  assert.equal(tool && 'licenses' in tool, false);
  assert.deepEqual(hello && 'pedigree' in hello && hello.pedigree, {
    patches: [
      {
        type: 'backport',
        resolves: [
          { type: 'security', id: 'CVE-2026-1' },
          { type: 'security', id: 'CVE-2026-2' },
        ],
      },
    ],
  });
});

test('cyclonedxOf() gives the same document for the same image, and another serial number for another one', () => {
  assert.deepEqual(cyclonedxOf(describedImage()), cyclonedxOf(describedImage()));
  const other = cyclonedxOf(describedImage({ digest: digestOf('another image') }));
  assert.notEqual(other.serialNumber, cyclonedxOf(describedImage()).serialNumber);
});
