import type { Line } from '../../core/catalog/catalog.ts';
import type { Digest } from '../../core/digest.ts';
import type { Architecture, ImagePublished } from '../../core/fact.ts';
import { bundleMediaType, parseBundle } from '../../formats/sigstore/bundle.ts';
import { attestationManifest } from '../../formats/sigstore/attestation-manifest.ts';
import { attestationTag } from '../../formats/sigstore/cosign-tags.ts';
import type { Signer } from '../../formats/dsse/signing-key.ts';
import { parseAttestation } from '../../formats/in-toto/statement.ts';
import { attachOnce } from './attach-once.ts';
import type { Attachment, ComposedImage, ComposedLine, Registry } from './image.ts';
import { signImage } from './sign-image.ts';

export interface PublishRequest {
  readonly line: Pick<Line, 'line' | 'repository' | 'tag'>;
  readonly composed: ComposedLine;
  /** Documents of each architecture's image, in the order in which they are attached. */
  readonly attachments: Readonly<Partial<Record<Architecture, readonly Attachment[]>>>;
  /** Digest of everything that was desired; goes into the fact. */
  readonly composition: Digest;
  readonly reason: string;
}

export interface PublishDeps {
  readonly registry: Registry;
  readonly sign: Signer;
  /** The name by which people pull a repository: `registry.example/team/hello`. */
  readonly publicName: (repository: string) => string;
  /** Whether signed documents are also put where tools without referrers look (`sha256-….att`). */
  readonly forOlderTools?: boolean;
}

/**
 * Pushes by digest, attaches the documents, signs, and only then moves the public tag: whoever pulls by tag never meets
 * an image without its papers. Running it again changes nothing. Returns what the fact `image-published` says.
 */
export async function publishImage(request: PublishRequest, deps: PublishDeps): Promise<ImagePublished> {
  const { line, composed, attachments, composition, reason } = request;
  const { repository, tag } = line;
  const publicName = deps.publicName(repository);
  const digest = await deps.registry.pushLine(repository, composed, null);
  for (const image of composed.images) {
    const documents = attachments[image.architecture] ?? [];
    await attachOnce(deps.registry, { repository, subject: image.manifest }, documents);
    if (deps.forOlderTools === true) await pushForOlderTools(repository, image, documents, deps.registry);
    await signImage({ repository, publicName, digest: image.manifest.digest }, deps);
  }
  if (!composed.images.some((image) => image.manifest.digest === digest)) {
    await signImage({ repository, publicName, digest }, deps);
  }
  await deps.registry.tag(repository, tag, digest);
  return {
    line: line.line,
    repository,
    tag,
    digest,
    manifests: manifestsOf(composed.images),
    packages: packagesOf(composed.images),
    composition,
    reason,
  };
}

async function pushForOlderTools(
  repository: string,
  image: ComposedImage,
  documents: readonly Attachment[],
  registry: Pick<Registry, 'pushManifest'>,
): Promise<void> {
  const attestations = documents
    .filter((document) => document.mediaType === bundleMediaType)
    .map((document) => {
      const { envelope } = parseBundle(document.bytes);
      return { predicateType: parseAttestation(envelope.payload).predicateType, envelope };
    });
  if (attestations.length === 0) return;
  await registry.pushManifest(repository, attestationManifest(attestations), attestationTag(image.manifest.digest));
}

function manifestsOf(images: readonly ComposedImage[]): Partial<Record<Architecture, Digest>> {
  return Object.fromEntries(images.map((image) => [image.architecture, image.manifest.digest]));
}

function packagesOf(images: readonly ComposedImage[]): readonly string[] {
  const names = images.flatMap((image) => image.inventory.packages.map((one) => `${one.name}=${one.version}`));
  return [...new Set(names)].sort();
}
