import type { Digest } from '../../core/digest.ts';
import type { Inventory } from '../../core/match/inventory.ts';
import type { ImageSignature } from './simple-signing.ts';

/** Everything that a registry holds about one reference, before anybody judges it. */
export interface ReferenceMaterial {
  /** As it was asked for: `hello:1`, `hello@sha256:…`. */
  readonly reference: string;
  /** The index that the reference leads to, when it is one. */
  readonly index: Digest | null;
  /** The manifest of the architecture that was asked for. */
  readonly image: Digest;
  readonly architecture: string;
  readonly registryDate: Temporal.Instant;
  readonly signatures: readonly { readonly subject: Digest; readonly found: ImageSignature }[];
  readonly bundles: readonly { readonly subject: Digest; readonly bytes: Uint8Array }[];
  /** What the pulled layers hold, or why they cannot be trusted. */
  readonly contents:
    | { readonly kind: 'read'; readonly inventory: Inventory; readonly layers: number }
    | { readonly kind: 'damaged'; readonly why: string };
  /** What the line's tag leads to now; null when nothing says which line it is. */
  readonly current: {
    readonly tag: string;
    readonly digest: Digest;
    /** The manifest of the architecture that was asked for, in that. */
    readonly image: Digest;
    /** What is attached to that, where it is another digest than the one asked for. */
    readonly bundles: readonly { readonly subject: Digest; readonly bytes: Uint8Array }[];
  } | null;
}
