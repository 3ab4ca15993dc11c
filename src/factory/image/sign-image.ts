import type { Digest } from '../../core/digest.ts';
import { verifierOf, type Signer } from '../../formats/dsse/signing-key.ts';
import { parseManifestShape } from '../../formats/oci/manifest-shape.ts';
import { signatureTag } from '../../formats/sigstore/cosign-tags.ts';
import {
  judgeSignature,
  keyAnnotation,
  signatureAnnotation,
  signatureManifest,
  simpleSigningMediaType,
  type ImageSignature,
} from '../../formats/sigstore/simple-signing.ts';
import type { Registry } from './image.ts';

/** Signs a digest where cosign looks for it; one that our key has signed already stays as it is. */
export async function signImage(
  image: { readonly repository: string; readonly publicName: string; readonly digest: Digest },
  deps: { readonly registry: Pick<Registry, 'resolve' | 'blob' | 'pushManifest'>; readonly sign: Signer },
): Promise<void> {
  const key = verifierOf(deps.sign.publicKey);
  const found = await signaturesOf(image.repository, image.digest, deps.registry);
  if (found.some((one) => judgeSignature(one, image.digest, key).kind === 'signed')) return;
  const manifest = signatureManifest({ repository: image.publicName, digest: image.digest }, deps.sign);
  await deps.registry.pushManifest(image.repository, manifest, signatureTag(image.digest));
}

const SIGNATURES_MAX = 32;
const PAYLOAD_BYTES_MAX = 64 * 1024;

/** The signatures that lie in a registry for a digest, unjudged; at most 32. */
export async function signaturesOf(
  repository: string,
  image: Digest,
  registry: Pick<Registry, 'resolve' | 'blob'>,
): Promise<readonly ImageSignature[]> {
  const manifest = await registry.resolve(repository, signatureTag(image));
  if (manifest === undefined) return [];
  const layers = parseManifestShape(manifest.bytes).layers.filter(
    (layer) => layer.mediaType === simpleSigningMediaType && layer.sizeBytes <= PAYLOAD_BYTES_MAX,
  );
  return Promise.all(
    layers.slice(0, SIGNATURES_MAX).map(async (layer) => ({
      payload: await registry.blob(repository, layer),
      signature: Buffer.from(layer.annotations[signatureAnnotation] ?? '', 'base64'),
      keyHint: layer.annotations[keyAnnotation] ?? '',
    })),
  );
}
