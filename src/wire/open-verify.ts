import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { verifierOf } from '../formats/dsse/signing-key.ts';
import { memoryCache } from '../factory/image/cache.ts';
import { readReference } from '../factory/image/read-reference.ts';
import type { LayerFacts } from '../formats/oci/read-layer.ts';
import { folderBlobs } from '../io/blobs/folder-blobs.ts';
import { publicKeyFile } from '../io/signing/keys.ts';
import type { VerifyDeps } from '../serve/cli/verify.ts';
import { verifyReference } from '../views/verify-reference.ts';
import { catalogInForce } from './catalog-in-force.ts';
import { placesFrom } from './places-from.ts';
import { reachRegistry } from './reach-registry.ts';
import { worldTime } from './world.ts';

const LAYERS_KEPT = 1000;

/** `suture verify`: pulls from the catalog's registry and judges by the catalog's public key. */
export async function openVerify(cwd: string): Promise<VerifyDeps> {
  const places = await placesFrom(cwd);
  const { clock, notice } = await worldTime(places);
  const loaded = await catalogInForce(places);
  if (loaded.kind === 'problems') throw loaded.problems[0] ?? new Failure('E0101', 'The catalog is not valid');
  const registry = await reachRegistry(loaded.catalog.registry, places, { clock, blobs: folderBlobs(places.blobs) });
  const key = verifierOf(await publicKey(join(places.keys, publicKeyFile)));
  return {
    notice,
    async verify(text) {
      const { repository, reference } = parseReference(text, [registry.publicName(''), `${registry.host}/`]);
      const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
      const material = await readReference(
        { repository, reference, architecture },
        { registry: registry.client, pulledLayers: memoryCache<LayerFacts>(LAYERS_KEPT) },
      );
      if (material !== undefined) return verifyReference(material, { key, now: clock.now() });
      throw new Failure('E0401', `${registry.host} has no ${repository} ${reference} for ${architecture}`, {
        at: text,
        hint: 'suture status',
      });
    },
    close: () => registry.close(),
  };
}

async function publicKey(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Failure('E0303', 'There is no public key to verify with', {
      at: path,
      why: 'nothing was published from this catalog yet',
      hint: 'suture run',
      cause,
    });
  });
}

/** `hello:1`, `hello@sha256:…`, or either with one of the names of the catalog's own registry in front. */
function parseReference(
  text: string,
  names: readonly string[],
): { readonly repository: string; readonly reference: string } {
  const path = text.slice(names.find((name) => text.startsWith(name))?.length ?? 0);
  const [, repository, tag, digest] =
    /^([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::([\w][\w.-]{0,127})|@(sha256:[0-9a-f]{64}))$/.exec(path) ?? [];
  if (repository !== undefined) return { repository, reference: digest ?? tag ?? 'latest' };
  throw new Failure('E0902', `${text} is not an image of ${names[0] ?? ''}`, { hint: 'suture verify hello:1' });
}
