import type { Digest } from '../core/digest.ts';
import type { Inventory } from '../core/match/inventory.ts';
import type { FactStore, ObligationStore } from '../factory/deps.ts';
import {
  emptyFeedFacts,
  type FeedFacts,
  type FeedImage,
  type FeedLine,
  type FeedWorld,
  isPublic,
  takeFeedFact,
} from '../views/feed/feed-facts.ts';
import { obligationsAt } from './look-up-obligations.ts';

export interface FeedDeps {
  readonly facts: FactStore['facts'];
  readonly obligations: ObligationStore['obligations'];
  now(): Temporal.Instant;
  /** What was read from the bytes of a confirmed image. */
  inventory(digest: Digest): Promise<Inventory>;
  /** Who publishes, and the name by which people pull a repository. */
  publisher(): Promise<{ readonly name: string; readonly publicName: (repository: string) => string }>;
  readonly programVersion: string;
}

/**
 * What the feeds tell, as of an instant or of the newest fact. Deadlines are seen as of that fact, not of the clock: asked
 * twice, the same ledger gives the same feeds.
 */
export async function lookUpFeed(asOf: Temporal.Instant | null, deps: FeedDeps): Promise<FeedWorld> {
  const known = emptyFeedFacts();
  for await (const fact of deps.facts(0, asOf ?? undefined)) takeFeedFact(known, fact);
  const { name: publisher, publicName } = await deps.publisher();
  const at = known.at ?? asOf ?? deps.now();
  const lines: FeedLine[] = [];
  for (const name of [...known.lines.keys()].sort()) {
    const line = await lineOf(name, { known, at, asOf, publicName }, deps);
    if (line !== undefined) lines.push(line);
  }
  return { publisher, programVersion: deps.programVersion, at, ledger: known.ledger, lines, own: known.own };
}

/** Undefined for a line that was never published or never confirmed. */
async function lineOf(
  line: string,
  within: {
    readonly known: FeedFacts;
    readonly at: Temporal.Instant;
    readonly asOf: Temporal.Instant | null;
    readonly publicName: (repository: string) => string;
  },
  deps: FeedDeps,
): Promise<FeedLine | undefined> {
  const facts = within.known.lines.get(line);
  const published = facts?.published ?? null;
  if (facts === undefined || published === null) return undefined;
  const images: FeedImage[] = [];
  for (const [architecture, { digest, inventory }] of facts.confirmed) {
    // What is published and not pulled back yet is not vouched for.
    if (published.manifests[architecture] !== digest) continue;
    images.push({ architecture, digest, inventory: await deps.inventory(inventory) });
  }
  if (images.length === 0) return undefined;
  const obligations = await obligationsAt({ line }, within.asOf, { ...deps, now: () => within.at });
  return {
    line,
    repository: within.publicName(published.repository),
    tag: published.tag,
    digest: published.digest,
    images: images.toSorted((a, b) => (a.architecture < b.architecture ? -1 : 1)),
    past: facts.past,
    obligations: obligations.filter(isPublic).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    statements: [...facts.statements.values()],
    held: facts.held,
  };
}
