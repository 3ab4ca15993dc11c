import { join } from 'node:path';
import { digestOf, parseDigest, type Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import { parseManifestShape, type NamedContent, type ManifestShape } from '../../formats/oci/manifest-shape.ts';
import { namesIn, readIfThere, type Disk } from './disk.ts';
import { empty, refusal, type Reply } from './reply.ts';
import type { Reference } from './route.ts';

/** `GET|HEAD /v2/<name>/manifests/<reference>`: the bytes as they were pushed. */
export async function readManifest(disk: Disk, name: string, reference: Reference): Promise<Reply> {
  const digest = await resolved(disk, name, reference);
  const bytes = digest === undefined ? undefined : await readIfThere(disk.manifestPath(name, digest));
  if (digest === undefined || bytes === undefined) return unknownManifest(name, reference);
  return {
    status: 200,
    headers: {
      'content-type': parseManifestShape(bytes).mediaType,
      'content-length': String(bytes.length),
      'docker-content-digest': digest,
      etag: `"${digest}"`,
    },
    body: bytes,
  };
}

/**
 * `PUT /v2/<name>/manifests/<reference>`: kept only when everything that it names is here with the size that it says,
 * so that a tag never leads to something incomplete (distribution-spec "Pushing Manifests").
 */
export async function writeManifest(
  disk: Disk,
  name: string,
  reference: Reference,
  { bytes, sentAs }: { readonly bytes: Uint8Array; readonly sentAs: string | null },
): Promise<Reply> {
  const digest = digestOf(bytes);
  if (reference.kind === 'digest' && reference.digest !== digest) {
    return refusal(400, 'DIGEST_INVALID', `The manifest has the digest ${digest}, not ${reference.digest}`);
  }
  const shape = shapeOf(bytes, sentAs);
  if (typeof shape === 'string') return refusal(400, 'MANIFEST_INVALID', shape);
  const lacking = await firstLacking(disk, name, shape);
  if (lacking !== undefined) return lacking;

  // The referrer's entry comes first: a manifest that is here is also listed, whenever the power fails.
  if (shape.subject !== null) {
    const path = disk.referrerPath(name, shape.subject.digest, digest);
    if ((await disk.kept(path)) === undefined) await disk.mark(path, 'referrer listed');
  }
  const path = disk.manifestPath(name, digest);
  if ((await disk.kept(path)) === undefined) await disk.write(path, bytes, 'manifest stored');
  if (reference.kind === 'tag') await disk.write(disk.tagPath(name, reference.tag), digest, 'tag moved');
  return empty(201, {
    location: `/v2/${name}/manifests/${digest}`,
    'docker-content-digest': digest,
    ...(shape.subject === null ? {} : { 'oci-subject': shape.subject.digest }),
  });
}

/** `DELETE /v2/<name>/manifests/<reference>`: a tag alone, or a manifest with the tags that lead to it. */
export async function deleteManifest(disk: Disk, name: string, reference: Reference): Promise<Reply> {
  const digest = await resolved(disk, name, reference);
  const bytes = digest === undefined ? undefined : await readIfThere(disk.manifestPath(name, digest));
  if (digest === undefined || bytes === undefined) return unknownManifest(name, reference);
  if (reference.kind === 'tag') {
    await disk.remove(disk.tagPath(name, reference.tag), 'tag removed');
    return empty(202);
  }
  for (const tag of await namesIn(join(disk.repositoryPath(name), '_tags'))) {
    const path = disk.tagPath(name, tag);
    if (String(await readIfThere(path)) === digest) await disk.remove(path, 'tag removed');
  }
  await disk.remove(disk.manifestPath(name, digest), 'manifest removed');
  const { subject } = parseManifestShape(bytes);
  if (subject !== null) await disk.remove(disk.referrerPath(name, subject.digest, digest), 'referrer removed');
  return empty(202);
}

async function resolved(disk: Disk, name: string, reference: Reference): Promise<Digest | undefined> {
  if (reference.kind === 'digest') return reference.digest;
  const text = await readIfThere(disk.tagPath(name, reference.tag));
  return text === undefined ? undefined : parseDigest(text.toString('utf8'));
}

function shapeOf(bytes: Uint8Array, sentAs: string | null): ManifestShape | string {
  try {
    return parseManifestShape(bytes, sentAs);
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

async function firstLacking(disk: Disk, name: string, shape: ManifestShape): Promise<Reply | undefined> {
  const blobs = [...(shape.config === null ? [] : [shape.config]), ...shape.layers];
  for (const blob of blobs.filter((descriptor) => !descriptor.elsewhere)) {
    const reply = disagreement(blob, await disk.kept(disk.blobPath(blob.digest)));
    if (reply !== undefined) return reply;
  }
  for (const child of shape.manifests) {
    const reply = disagreement(child, await disk.kept(disk.manifestPath(name, child.digest)));
    if (reply !== undefined) return reply;
  }
  return undefined;
}

function disagreement(descriptor: NamedContent, foundBytes: number | undefined): Reply | undefined {
  if (foundBytes === undefined) {
    return refusal(400, 'MANIFEST_BLOB_UNKNOWN', `${descriptor.digest} is named here but not in the registry`);
  }
  if (foundBytes !== descriptor.sizeBytes) {
    return refusal(
      400,
      'MANIFEST_INVALID',
      `${descriptor.digest} has ${foundBytes} bytes, not ${descriptor.sizeBytes}`,
    );
  }
  return undefined;
}

function unknownManifest(name: string, reference: Reference): Reply {
  const text = reference.kind === 'tag' ? `:${reference.tag}` : `@${reference.digest}`;
  return refusal(404, 'MANIFEST_UNKNOWN', `No manifest ${name}${text}`);
}
