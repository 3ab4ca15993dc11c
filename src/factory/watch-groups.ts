import type { DebianSource, Recipe } from '../core/catalog/catalog.ts';
import type { Interval, ReleaseForm } from '../core/fact.ts';
import { recipeFollower, suiteFollower, type Follower } from '../core/upstream/follower.ts';
import type { SeenTag } from '../core/upstream/release-news.ts';

/** What the suites of a distribution show to somebody who watches them, as their indexes were read last. */
export interface WatchedSuites {
  /** Upstream's archives in a source package, by the version that Debian writes. */
  archives(source: string, suites: readonly string[]): Promise<SuitesSeen | undefined>;
  /** Versions of the source package behind some binary packages. */
  offered(binaries: readonly string[], suites: readonly string[]): Promise<SuitesSeen | undefined>;
}

/** Undefined where this process has not asked the archives for every one of the suites: what lies there may be old. */
export interface SuitesSeen {
  readonly tags: readonly SeenTag[];
  /** When the archives were asked last, from the beginning of the oldest of these askings to the end of the newest. */
  readonly asked: Interval;
  /** The signed Release files of the suites, as they came: each names its indexes by digest. */
  readonly answers: () => Promise<readonly Uint8Array[]>;
}

/** A source package of a distribution's release whose binary packages lines take over. */
export interface WatchedImport {
  readonly source: string;
  readonly release: string;
  readonly binaries: readonly string[];
  readonly suites: readonly string[];
}

/**
 * One upstream in one form and place. All repositories are one place, for a tag is the same everywhere; sets of suites are
 * each their own, for what one does not show says nothing about another.
 */
export interface WatchGroup {
  readonly upstream: string;
  readonly form: ReleaseForm;
  readonly followers: readonly Follower[];
  readonly where: WatchedPlace;
}

export type WatchedPlace =
  | { readonly kind: 'git'; readonly repositories: readonly string[] }
  | { readonly kind: 'sources'; readonly source: string; readonly suites: readonly string[] }
  | { readonly kind: 'suites'; readonly binaries: readonly string[]; readonly suites: readonly string[] };

/** Everything that is followed, by upstream and form. */
export function watchGroups({
  recipes,
  imports,
}: {
  readonly recipes: readonly Recipe[];
  readonly imports: readonly WatchedImport[];
}): readonly WatchGroup[] {
  const following = recipes.filter(({ update }) => update.enabled);
  return [...gitGroups(following), ...sourceGroups(following), ...imports.map(suiteGroup)];
}

function gitGroups(recipes: readonly Recipe[]): readonly WatchGroup[] {
  const git = recipes.filter(({ source }) => source.kind === 'git');
  return [...Map.groupBy(git, ({ upstream }) => upstream.purl)].map(([upstream, group]) => ({
    upstream,
    form: 'git-tag',
    followers: group.map(recipeFollower),
    where: {
      kind: 'git',
      repositories: [...new Set(group.flatMap(({ source }) => (source.kind === 'git' ? [source.repository] : [])))],
    },
  }));
}

function sourceGroups(recipes: readonly Recipe[]): readonly WatchGroup[] {
  const followed = recipes.flatMap((recipe) =>
    recipe.source.kind === 'debian' ? [{ recipe, source: recipe.source }] : [],
  );
  return [...Map.groupBy(followed, ({ recipe, source }) => `${recipe.upstream.purl} ${placeOfSource(source)}`)].flatMap(
    ([, group]) => {
      const [first] = group;
      if (first === undefined) return [];
      return [
        {
          upstream: first.recipe.upstream.purl,
          form: 'tarball' as const,
          followers: group.map(({ recipe }) => recipeFollower(recipe)),
          where: { kind: 'sources' as const, source: first.source.source, suites: first.source.suites },
        },
      ];
    },
  );
}

function placeOfSource({ source, suites }: Pick<DebianSource, 'source' | 'suites'>): string {
  return `${source} in ${[...new Set(suites)].sort().join(' ')}`;
}

/** As the ledger names it, the same however the suites are ordered; empty for repositories. */
export function placeInLedger(where: WatchedPlace): string {
  switch (where.kind) {
    case 'git':
      return '';
    case 'sources':
      return placeOfSource(where);
    case 'suites':
      return [...new Set(where.suites)].sort().join(' ');
  }
}

function suiteGroup({ source, release, binaries, suites }: WatchedImport): WatchGroup {
  return {
    upstream: `pkg:deb/debian/${source}`,
    form: 'registry',
    followers: [suiteFollower(release)],
    where: { kind: 'suites', binaries, suites },
  };
}

/** Where a group is looked at, for people. */
export function placeInWords(where: WatchedPlace): string {
  switch (where.kind) {
    case 'git':
      return where.repositories.join(', ');
    case 'sources':
      return `the source package ${where.source} of ${where.suites.join(', ')}`;
    case 'suites':
      return `${where.binaries.join(', ')} of ${where.suites.join(', ')}`;
  }
}
