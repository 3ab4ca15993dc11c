import { envelopeJson, type Envelope } from '../dsse/envelope.ts';
import { layeredManifest, type LayeredManifest } from './layered-manifest.ts';
import { signatureAnnotation } from './simple-signing.ts';

/** The manifest under `attestationTag(digest)`: all attestations of an image at once, for tools that know no referrers. */
export function attestationManifest(
  attestations: readonly { readonly predicateType: string; readonly envelope: Envelope }[],
): LayeredManifest {
  return layeredManifest(
    attestations.map(({ predicateType, envelope }) => ({
      mediaType: 'application/vnd.dsse.envelope.v1+json',
      content: new TextEncoder().encode(JSON.stringify(envelopeJson(envelope))),
      annotations: { [signatureAnnotation]: '', predicateType },
    })),
  );
}
