import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf } from '../../core/digest.ts';
import type { Digest } from '../../core/digest.ts';
import type { Architecture } from '../../core/fact.ts';
import { Failure } from '../../core/failure.ts';
import { parseIndex, parseManifest } from '../../formats/oci/manifest.ts';
import { isIndexType } from '../../formats/oci/media-types.ts';
import { mergeLayers } from '../../formats/oci/merge-layers.ts';
import { readLayer } from '../../formats/oci/read-layer.ts';
import { crashPoint } from '../crash-point.ts';
import { digestOfRoot, stampOfRoot } from './digest-of-root.ts';
import { ensureMountPoints } from './mount-points.ts';
import { writeTree } from './write-tree.ts';

export interface OpenRoot {
  readonly folder: string;
  readonly digest: Digest;
}

const remembered = new Map<string, { readonly stamp: string; readonly digest: Digest }>();

/**
 * The build root that a catalog names: a folder as it is, or an OCI layout, whose image for this architecture is
 * unpacked once into the cache. With the digest of its content, taken again only when a file changed. E0401 when there is
 * none, E0301 when a blob is not what its digest says, E0404 for layers that would write outside.
 */
export async function openRoot(
  root: string,
  cacheFolder: string,
  architecture: Architecture = process.arch === 'arm64' ? 'arm64' : 'amd64',
): Promise<OpenRoot> {
  const folder = (await exists(join(root, 'oci-layout'))) ? await unpackLayout(root, cacheFolder, architecture) : root;
  if (!(await exists(folder))) {
    throw new Failure('E0401', 'The build root does not exist', { at: root, hint: 'see build.root in suture.yaml' });
  }
  await ensureMountPoints(folder, [{ from: '', to: '/home/build', writable: true }]);
  const stamp = await stampOfRoot(folder);
  const known = remembered.get(folder);
  if (known?.stamp === stamp) return { folder, digest: known.digest };
  const digest = await digestOfRoot(folder);
  remembered.set(folder, { stamp, digest });
  return { folder, digest };
}

async function unpackLayout(layout: string, cacheFolder: string, architecture: Architecture): Promise<string> {
  const manifest = await manifestIn(layout, architecture);
  const folder = join(cacheFolder, digestOf(manifest).slice('sha256:'.length, 'sha256:'.length + 24));
  if (await exists(folder)) return folder;
  const trees = [];
  for (const layer of parseManifest(manifest, layout).layers) {
    trees.push(readLayer(await blobIn(layout, layer.digest), { mediaType: layer.mediaType, at: layer.digest }).entries);
  }
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(cacheFolder, { recursive: true });
  const fresh = await mkdtemp(join(cacheFolder, '.unpacking-'));
  try {
    await writeTree(fresh, mergeLayers(trees));
    await rename(fresh, folder);
    crashPoint('build root unpacked');
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return folder;
}

/** Follows index.json (image-layout.md), through one nested index when there is one. */
async function manifestIn(layout: string, architecture: Architecture): Promise<Uint8Array> {
  let bytes: Uint8Array = await readFile(join(layout, 'index.json'));
  for (let depth = 0; depth < 3; depth += 1) {
    const { manifests } = parseIndex(bytes, join(layout, 'index.json'));
    const entry =
      manifests.find(({ platform }) => platform?.architecture === architecture && platform.os === 'linux') ??
      (manifests.length === 1 ? manifests[0] : undefined);
    if (entry === undefined) break;
    bytes = await blobIn(layout, entry.digest);
    if (!isIndexType(entry.mediaType)) return bytes;
  }
  throw new Failure('E0401', `The build root has no image for ${architecture}`, { at: layout });
}

async function blobIn(layout: string, digest: Digest): Promise<Uint8Array> {
  const path = join(layout, 'blobs', ...digest.split(':'));
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new Failure('E0401', `The build root lacks ${digest}`, { at: layout, cause });
  });
  if (digestOf(bytes) !== digest)
    throw new Failure('E0301', `A part of the build root is not what it is called`, { at: path });
  return bytes;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
