import { digestOf } from '../../src/core/digest.ts';
import type { Component, Inventory } from '../../src/core/match/inventory.ts';
import type { DescribedImage } from '../../src/formats/oci/described-image.ts';

/** One package of each kind of edge, an odd licence, a patched component and one that no package owns. */
export const richInventory: Inventory = {
  packages: [
    { name: 'hello', version: '1.0.1-r0', architecture: 'x86_64', origin: 'hello', license: 'Apache-2.0 OR MIT' },
    { name: 'libhello', version: '1.0.1-r0', architecture: 'x86_64', origin: 'hello', license: 'see COPYING' },
    { name: 'tool', version: '2:0.1+git', architecture: 'x86_64', origin: 'tool', license: '' },
  ],
  components: [
    component({ purl: 'pkg:generic/hello@1.0.1', package: 'hello', edge: 'is', patched: ['CVE-2026-2', 'CVE-2026-1'] }),
    component({ purl: 'pkg:golang/stdlib@1.25.1', package: 'hello', edge: 'static', version: '1.25.1' }),
    component({ purl: 'pkg:generic/go@1.25.1', package: 'hello', edge: 'compiled-by', version: '1.25.1' }),
    component({ purl: 'pkg:generic/uthash@2.3', package: 'libhello', edge: 'header', version: '2.3' }),
    component({ purl: 'pkg:npm/%40scope/lib@1.0.0', package: 'tool', edge: 'contains', patched: ['CVE-2026-3'] }),
    component({ purl: 'pkg:generic/orphan@1', package: 'gone', edge: 'contains', version: '1' }),
  ],
};

export function describedImage(change: Partial<DescribedImage> = {}): DescribedImage {
  return {
    repository: 'registry.example:5000/team/hello',
    tag: '1',
    digest: digestOf('an image'),
    architecture: 'amd64',
    inventory: richInventory,
    at: Temporal.Instant.from('2026-08-02T11:00:00.987Z'),
    programVersion: '0.1.0',
    ...change,
  };
}

function component(change: Partial<Component> & Pick<Component, 'purl' | 'package' | 'edge'>): Component {
  return {
    version: '1.0.1',
    scheme: 'semver',
    upstream: change.purl.replace(/@[^@]*$/, ''),
    stream: '1',
    patched: [],
    ...change,
  };
}
