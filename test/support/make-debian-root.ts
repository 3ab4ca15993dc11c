import { readFileSync } from 'node:fs';
import type { AvailablePackage } from '../../src/core/resolve/available-package.ts';
import { combinePools } from '../../src/core/resolve/combine-pools.ts';
import { debianRoot } from '../../src/io/debian/debian-root.ts';

/** What debian-roots.test.ts tells a process of another user. */
export interface RootOrder {
  readonly wanted: readonly string[];
  readonly packages: readonly AvailablePackage[];
  /** SHA-256 and path of each .deb. */
  readonly files: readonly (readonly [string, string])[];
  readonly folder: string;
}

const order = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as RootOrder;
const { folder } = await debianRoot({ packages: order.wanted, suites: ['bookworm'] }, 'amd64', {
  pool: combinePools([], order.packages),
  space: { downloadPackages: async () => ({ files: new Map(order.files), missing: [] }) },
  folder: order.folder,
});
process.stdout.write(folder);
