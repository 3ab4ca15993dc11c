import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { placesOf } from '../../../src/wire/places.ts';
import { edit, type World } from '../../support/broken-world.ts';
import type { BadInput } from './case.ts';

/** Where the file of the built package lies. */
function packageFile(world: World): string {
  const { store, blobs } = placesOf(world.catalog, {});
  using database = new DatabaseSync(store, { readOnly: true });
  const row = database
    .prepare("select json from payloads join facts using (seq) where type = 'package-built' order by seq desc limit 1")
    .get();
  const { digest } = JSON.parse(String(row?.['json'])) as { readonly digest: string };
  const hex = digest.slice('sha256:'.length);
  return join(blobs, 'sha256', hex.slice(0, 2), hex);
}

const composeAgain = (world: World) =>
  edit(world, 'lines/hello.yaml', (text) => text.replace('accounts:', 'environment:\n  LANG: C.UTF-8\n\naccounts:'));

const registryFile = (world: World, ...path: readonly string[]) => join(placesOf(world.catalog, {}).registry, ...path);

/** Replaces what a folder of the registry holds by other bytes of the same length. */
async function swapAll(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isFile()) await writeFile(join(folder, entry.name), 'other bytes');
}

export const archives: readonly BadInput[] = [
  {
    name: 'a package that was changed in the blob store',
    breaks: async (world) => {
      await writeFile(packageFile(world), 'not the package');
      await composeAgain(world);
    },
    argv: ['run'],
    code: 'E0301',
    exitCode: 75,
  },
  {
    name: 'a package that is gone from the blob store',
    breaks: async (world) => {
      await rm(packageFile(world));
      await composeAgain(world);
    },
    argv: ['run'],
    code: 'E0401',
    exitCode: 75,
  },
  {
    name: 'a layer that was swapped in the registry',
    breaks: (world) => swapAll(registryFile(world, 'blobs')),
    argv: ['verify', 'hello:1'],
    code: 'E0603',
    exitCode: 65,
  },
  {
    name: 'a manifest that was swapped in the registry',
    breaks: (world) => swapAll(registryFile(world, 'repositories', 'hello', '_manifests')),
    argv: ['verify', 'hello:1'],
    code: 'E0601',
    exitCode: 69,
  },
  {
    name: 'an image that is not there',
    argv: ['verify', 'hello:9'],
    code: 'E0401',
    exitCode: 65,
  },
];
