import type { Line, Recipe } from '../catalog/catalog.ts';
import type { Digest } from '../digest.ts';
import type { Architecture, PackageBuilt, PackageImported } from '../fact.ts';
import type { HeldStep } from '../forecast/queue.ts';
import type { AvailablePackage } from '../resolve/available-package.ts';

/**
 * One piece of work: idempotent, and keyed by what is desired, so that a step that was done, or is being done by
 * another worker, is recognised by its key alone.
 */
export type Step = StepWork & {
  readonly key: string;
  /** Why it is done, in a sentence. */
  readonly reason: string;
  /** Ids of the open obligations that it works towards. */
  readonly closes: readonly string[];
  /** The earliest deadline among them; null where none is open. */
  readonly due: Temporal.Instant | null;
};

export type StepWork =
  | {
      readonly kind: 'propose-change';
      readonly recipe: Recipe;
      /** `expected`: the commit that its tag points to, or the SHA-256 of its archive. */
      readonly release: { readonly version: string; readonly ref: string; readonly expected: string | null };
    }
  | {
      readonly kind: 'build-package';
      readonly recipe: Recipe;
      readonly architecture: Architecture;
      readonly commit: string;
    }
  | { readonly kind: 'merge-change'; readonly recipe: Recipe; readonly branch: string; readonly commit: string }
  | { readonly kind: 'import-packages'; readonly line: Line; readonly packages: readonly WantedImport[] }
  | { readonly kind: 'compose-image'; readonly line: Line; readonly composition: Composition }
  | { readonly kind: 'verify-image'; readonly line: Line; readonly composition: Composition }
  | { readonly kind: 'publish-image'; readonly line: Line; readonly composition: Composition }
  | { readonly kind: 'confirm-image'; readonly line: Line; readonly composition: Composition; readonly digest: Digest }
  | {
      readonly kind: 'attach-receipts';
      readonly line: Line;
      /** Ids of those that ended and lack their receipt. */
      readonly obligations: readonly string[];
      /** The one statement of everything about the published digest, written in each of these steps. */
      readonly record: DigestRecord;
      /** Keys of all that is done when this is. */
      readonly covers: readonly string[];
    };

/** What the record of a digest has to say, and for how long it may be relied on. */
export interface DigestRecord {
  readonly key: string;
  /** Digest of which obligations are open and how they stand. */
  readonly says: string;
  readonly validSeconds: number;
  /** There is none yet, what is open changed, or the one there is runs out. */
  readonly because: 'new' | 'change' | 'time';
}

/** What a line is to be made of. */
export interface Composition {
  /** SHA-256 over packages and the line's configuration. */
  readonly digest: Digest;
  readonly packages: readonly ComposedPackage[];
}

/** A package as an image takes it: built here, or taken over from a distribution. */
export type ComposedPackage = PackageBuilt | PackageImported;

/** A package of a distribution that a line needs for an architecture and that is not here yet. */
export interface WantedImport {
  readonly architecture: Architecture;
  readonly package: AvailablePackage;
}

export type StepKind = StepWork['kind'];

/** How a step ended, by its key; not part of the chain, may be dropped and redone. */
export type StepOutcome =
  | {
      readonly kind: 'done';
      readonly at: Temporal.Instant;
      readonly attempt: number;
      readonly result: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'failed';
      readonly at: Temporal.Instant;
      readonly attempt: number;
      readonly code: string;
      readonly message: string;
      /** When it may be tried again; null = not before something else changes. */
      readonly retryAt: Temporal.Instant | null;
    };

/** Why something is done, waits or is not done; every absence of action has one. */
export interface Reason {
  readonly subject: { readonly kind: 'obligation' | 'line' | 'recipe'; readonly id: string };
  /** Who can move it: nobody needs to, a machine will, upstream must, a person must. */
  readonly who: 'nobody' | 'machine' | 'upstream' | 'person';
  readonly text: string;
}

export interface Plan {
  /** In the order in which they are to be run. */
  readonly steps: readonly Step[];
  readonly reasons: readonly Reason[];
  /** Steps that failed and may not be run again yet. */
  readonly held: readonly HeldStep[];
}

/** A recipe change on a branch, not merged yet. */
export interface Proposal {
  /** Key of the step that proposed it: of this release, on this text of the recipe. */
  readonly key: string;
  readonly recipe: Recipe;
  readonly branch: string;
  readonly commit: string;
}
