import type { Architecture } from '../../core/fact.ts';
import type { Digest } from '../../core/digest.ts';
import type { Inventory } from '../../core/match/inventory.ts';

/** One image for one architecture, all of its bytes in the blob store. */
export interface ComposedImage {
  readonly architecture: Architecture;
  readonly manifest: BlobRef;
  readonly config: BlobRef;
  /** Bottom first. */
  readonly layers: readonly LayerRef[];
  readonly inventory: Inventory;
  /** What was made in place of maintainer scripts, and what was left undone. */
  readonly notes?: readonly string[];
}

export interface BlobRef {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

export interface LayerRef extends BlobRef {
  /** Digest of the uncompressed tar (OCI image-spec config.md "rootfs.diff_ids"). */
  readonly diffId: Digest;
}

/** One architecture's images under one index: what a tag points at. */
export interface ComposedLine {
  readonly index: BlobRef;
  readonly images: readonly ComposedImage[];
}

/** A document to attach to a digest as an OCI 1.1 referrer. */
export interface Attachment {
  readonly artifactType: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly annotations: Readonly<Record<string, string>>;
  /** What the document is called on a disk that it is pulled to. */
  readonly fileName?: string;
}

/** A manifest in bytes, with the bytes of what it names. */
export interface ManifestWithBlobs {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly blobs: readonly Uint8Array[];
}

/** Client of one registry; every read is bounded. */
export interface Registry {
  /** Uploads what is missing, then the manifest by digest and, when given, by tag. Returns the manifest's digest. */
  pushLine(repository: string, line: ComposedLine, tag: string | null): Promise<Digest>;
  attach(repository: string, subject: BlobRef, attachment: Attachment): Promise<Digest>;
  /** Resolves a public tag: the manifest or index bytes and the registry's own `Date`. Undefined when there is none. */
  resolve(
    repository: string,
    reference: string,
  ): Promise<
    | {
        readonly digest: Digest;
        readonly mediaType: string;
        readonly bytes: Uint8Array;
        readonly date: Temporal.Instant;
        /** The whole answer, as evidence of when it came (formats/http/kept-answer.ts). */
        readonly answer: Uint8Array;
      }
    | undefined
  >;
  /** Pulls a blob and checks its digest and bound. */
  blob(repository: string, ref: BlobRef): Promise<Uint8Array>;
  /** Uploads the blobs that are missing, then the manifest by digest and, when given, by tag. Returns its digest. */
  pushManifest(repository: string, manifest: ManifestWithBlobs, tag: string | null): Promise<Digest>;
  /** Takes a document away from its subject; one that is not there is passed over. */
  detach(repository: string, subject: Digest, document: Digest): Promise<void>;
  /** Moves a tag to a manifest that the registry already has. */
  tag(repository: string, tag: string, digest: Digest): Promise<void>;
  referrers(
    repository: string,
    subject: Digest,
  ): Promise<
    readonly {
      readonly digest: Digest;
      readonly artifactType: string;
      readonly mediaType: string;
      readonly sizeBytes: number;
      readonly annotations: Readonly<Record<string, string>>;
    }[]
  >;
}
