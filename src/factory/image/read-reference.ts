import type { Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import type { LayerFacts } from '../../formats/oci/read-layer.ts';
import { manifestBytesMax, parseManifestShape } from '../../formats/oci/manifest-shape.ts';
import { parseAttestation } from '../../formats/in-toto/statement.ts';
import { readProvenance } from '../../formats/in-toto/provenance.ts';
import { bundleMediaType, parseBundle } from '../../formats/sigstore/bundle.ts';
import type { ReferenceMaterial } from '../../formats/sigstore/reference-material.ts';
import type { Cache } from './cache.ts';
import type { BlobRef, Registry } from './image.ts';
import { readPulled } from './read-pulled.ts';
import { signaturesOf } from './sign-image.ts';

export interface ReadReferenceRequest {
  readonly repository: string;
  /** A tag or a digest. */
  readonly reference: string;
  readonly architecture: string;
}

export interface ReadReferenceDeps {
  readonly registry: Pick<Registry, 'resolve' | 'blob' | 'referrers'>;
  readonly pulledLayers: Cache<LayerFacts>;
}

/**
 * Pulls everything that can be judged about a reference: the layers, signatures, signed documents, and what its line's
 * tag leads to now. Judges nothing. Undefined when the registry has no such reference or not for this architecture.
 */
export async function readReference(
  request: ReadReferenceRequest,
  deps: ReadReferenceDeps,
): Promise<ReferenceMaterial | undefined> {
  const { repository, reference, architecture } = request;
  const { registry } = deps;
  const start = await registry.resolve(repository, reference);
  if (start === undefined) return undefined;
  const shape = parseManifestShape(start.bytes);
  const image: BlobRef | undefined =
    shape.kind === 'image'
      ? { mediaType: shape.mediaType, digest: start.digest, sizeBytes: start.bytes.length }
      : shape.manifests.find((one) => one.platform?.architecture === architecture);
  if (image === undefined) return undefined;

  const subjects = [...new Set([image.digest, start.digest])];
  const bundles = (await Promise.all(subjects.map((subject) => bundlesOf(repository, subject, registry)))).flat();
  const signatures = await Promise.all(
    subjects.map(async (subject) =>
      (await signaturesOf(repository, subject, registry)).map((found) => ({ subject, found })),
    ),
  );
  const isDigest = reference.includes(':');
  const tags = isDigest ? tagsSaidBy(bundles) : [reference];
  const served = await servedBy(tags, { repository, architecture, image: image.digest, known: subjects }, registry);
  return {
    reference: `${repository}${isDigest ? '@' : ':'}${reference}`,
    index: shape.kind === 'index' ? start.digest : null,
    image: image.digest,
    architecture,
    registryDate: start.date,
    signatures: signatures.flat(),
    // Receipts lie on the index: whoever asks by the digest of an image means those as well.
    bundles: [...bundles, ...served.flatMap((one) => (one.image === image.digest ? one.bundles : []))],
    contents: await contentsOf(repository, image, deps),
    current: served[0] ?? null,
  };
}

interface Served {
  readonly repository: string;
  readonly architecture: string;
  readonly image: Digest;
  /** Subjects whose documents are read already. */
  readonly known: readonly Digest[];
}

type Current = NonNullable<ReferenceMaterial['current']>;

/** What the tags lead to now, those that lead to this very image first. Lines with the same contents share an image. */
async function servedBy(
  tags: readonly string[],
  { known, ...of }: Served,
  registry: ReadReferenceDeps['registry'],
): Promise<readonly Current[]> {
  const served: Current[] = [];
  for (const tag of tags) {
    const read = [...known, ...served.map(({ digest }) => digest)];
    const current = await currentOf(tag, { ...of, known: read }, registry);
    if (current !== null) served.push(current);
  }
  return served.toSorted((a, b) => Number(b.image === of.image) - Number(a.image === of.image));
}

/** What the tag leads to now, with what is said about it where that is another digest. */
async function currentOf(
  tag: string,
  { repository, architecture, image, known }: Served,
  registry: ReadReferenceDeps['registry'],
): Promise<Current | null> {
  const current = await registry.resolve(repository, tag);
  if (current === undefined) return null;
  const { digest, bytes } = current;
  const manifest = parseManifestShape(bytes).manifests.find((one) => one.platform?.architecture === architecture);
  const now = manifest?.digest ?? digest;
  const subjects = [...new Set([digest, now])].filter((one) => one !== image && !known.includes(one));
  const bundles = await Promise.all(subjects.map((subject) => bundlesOf(repository, subject, registry)));
  return { tag, digest, image: now, bundles: bundles.flat() };
}

const BUNDLES_MAX = 1000;
const BUNDLE_BYTES_MAX = 64 * 1024 * 1024;

async function bundlesOf(
  repository: string,
  subject: Digest,
  registry: ReadReferenceDeps['registry'],
): Promise<ReferenceMaterial['bundles']> {
  const listed = (await registry.referrers(repository, subject)).filter((one) => one.artifactType === bundleMediaType);
  const found: { subject: Digest; bytes: Uint8Array }[] = [];
  for (const one of listed.slice(0, BUNDLES_MAX)) {
    if (one.sizeBytes > manifestBytesMax) continue;
    const manifest = await registry.resolve(repository, one.digest);
    const layer = manifest === undefined ? undefined : parseManifestShape(manifest.bytes).layers[0];
    if (layer === undefined || layer.sizeBytes > BUNDLE_BYTES_MAX) continue;
    found.push({ subject, bytes: await registry.blob(repository, layer) });
  }
  return found;
}

async function contentsOf(
  repository: string,
  image: BlobRef,
  deps: ReadReferenceDeps,
): Promise<ReferenceMaterial['contents']> {
  try {
    const { inventory, config } = await readPulled(repository, image, deps);
    return { kind: 'read', inventory, layers: config.diffIds.length };
  } catch (error) {
    // What cannot be reached is trouble; what does not match is an answer.
    if (!(error instanceof Failure) || !['E0205', 'E0301', 'E0404', 'E0603'].includes(error.code)) throw error;
    return { kind: 'damaged', why: error.detail.why ?? error.message };
  }
}

const TAGS_MAX = 20;

/** The lines that provenance names. Not verified yet: it only decides which tags are looked up beside. */
function tagsSaidBy(bundles: ReferenceMaterial['bundles']): readonly string[] {
  const tags = bundles.flatMap(({ bytes }) => {
    try {
      const provenance = readProvenance(parseAttestation(parseBundle(bytes).envelope.payload).predicate);
      const tag = provenance?.line.split(':')[1];
      return tag !== undefined && /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(tag) ? [tag] : [];
    } catch {
      return [];
    }
  });
  return [...new Set(tags)].slice(0, TAGS_MAX);
}
