import type { Digest } from '../../core/digest.ts';
import type { Architecture, Fact, HeldPackage, ImagePublished, PackageBuilt, Statement } from '../../core/fact.ts';
import type { Inventory } from '../../core/match/inventory.ts';
import type { Obligation } from '../../core/promise/standing.ts';

/**
 * The one place where it is chosen what the feeds may know. Facts whose payload is sealed or erased are not read at all
 * (they never leave the store), so nothing of an embargo can come here; whatever else must not be published is left
 * out by `isPublic`.
 */
export interface FeedWorld {
  /** The catalog's name. */
  readonly publisher: string;
  readonly programVersion: string;
  /** When the newest fact was recorded: the same ledger gives the same bytes. */
  readonly at: Temporal.Instant;
  readonly ledger: { readonly seq: number; readonly hash: string };
  readonly lines: readonly FeedLine[];
  /** `name=version` of everything that was built here. */
  readonly own: ReadonlyMap<string, OwnPackage>;
}

export type OwnPackage = Pick<PackageBuilt, 'name' | 'version' | 'recipe'> & { readonly format: 'apk' | 'deb' };

export interface FeedLine {
  readonly line: string;
  /** `registry.example/team/hello`: where people pull it. */
  readonly repository: string;
  readonly tag: string;
  /** What the tag leads to. */
  readonly digest: Digest;
  readonly images: readonly FeedImage[];
  /** Each confirmation of any digest of the line, oldest first, with `name=version` of what it holds. */
  readonly past: readonly { readonly at: Temporal.Instant; readonly packages: readonly string[] }[];
  readonly obligations: readonly Obligation[];
  readonly statements: readonly Statement[];
  /** Packages that it keeps newer versions out of. */
  readonly held: readonly HeldPackage[];
}

export interface FeedImage {
  readonly architecture: Architecture;
  readonly digest: Digest;
  readonly inventory: Inventory;
}

/** What the fold over the ledger gathers; lines and packages by name. */
export interface FeedFacts {
  readonly lines: Map<string, LineFacts>;
  readonly own: Map<string, OwnPackage>;
  at: Temporal.Instant | null;
  ledger: { readonly seq: number; readonly hash: string };
}

interface LineFacts {
  published: ImagePublished | null;
  readonly packagesOf: Map<Digest, readonly string[]>;
  readonly confirmed: Map<Architecture, { readonly digest: Digest; readonly inventory: Digest }>;
  readonly past: { readonly at: Temporal.Instant; readonly packages: readonly string[] }[];
  readonly statements: Map<string, Statement>;
  held: readonly HeldPackage[];
}

export function emptyFeedFacts(): FeedFacts {
  return { lines: new Map(), own: new Map(), at: null, ledger: { seq: 0, hash: '0'.repeat(64) } };
}

/** Takes in one more fact; those of other types only move the date. */
export function takeFeedFact(facts: FeedFacts, fact: Fact): void {
  facts.at = fact.recordedAt;
  facts.ledger = { seq: fact.seq, hash: fact.hash };
  switch (fact.type) {
    case 'package-built': {
      const { name, version, recipe, relations } = fact.payload;
      facts.own.set(`${name}=${version}`, { name, version, recipe, format: relations === undefined ? 'apk' : 'deb' });
      return;
    }
    case 'image-published': {
      const line = lineOf(facts, fact.payload.line);
      line.published = fact.payload;
      const { digest, manifests, packages } = fact.payload;
      for (const each of [digest, ...Object.values(manifests)]) line.packagesOf.set(each, packages);
      return;
    }
    case 'image-confirmed': {
      const { architecture, digest, inventory } = fact.payload;
      const line = lineOf(facts, fact.payload.line);
      line.confirmed.set(architecture, { digest, inventory });
      line.past.push({ at: fact.at.from, packages: line.packagesOf.get(digest) ?? [] });
      return;
    }
    case 'line-declared':
      lineOf(facts, fact.payload.line).held = fact.payload.held ?? [];
      return;
    case 'statement-made':
      lineOf(facts, fact.payload.line).statements.set(fact.payload.vulnerability, fact.payload);
      return;
    case 'statement-withdrawn':
      lineOf(facts, fact.payload.line).statements.delete(fact.payload.vulnerability);
      return;
    default:
      return;
  }
}

/** A withdrawn record is not spoken of; of everything else the feeds tell all that the board tells. */
export function isPublic(obligation: Obligation): boolean {
  return obligation.standing !== 'void';
}

function lineOf({ lines }: FeedFacts, name: string): LineFacts {
  const known = lines.get(name) ?? {
    published: null,
    packagesOf: new Map(),
    confirmed: new Map(),
    past: [],
    statements: new Map(),
    held: [],
  };
  lines.set(name, known);
  return known;
}
