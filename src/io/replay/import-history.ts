import { Failure } from '../../core/failure.ts';
import type { HistorySource } from '../../factory/replay/history-sources.ts';
import type { WrittenEvent } from '../../formats/replay/recorded-event.ts';
import { importAdvisories } from './import-advisories.ts';
import { importRecipes } from './import-recipes.ts';
import { earliestOf } from './named-release.ts';

export interface HistoryToImport {
  readonly gitFolders: ReadonlyMap<HistorySource, string>;
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
  readonly onProgress: (words: string) => void;
}

/**
 * A history out of clones of public repositories: what the Go vulnerability database said and when, and, of the recipes of
 * Wolfi that build Go programs, what was in them at each of their commits. Throws Failure E0203 where a clone cannot be read,
 * E0902 where one that is needed is not named.
 */
export async function* importHistory(wanted: HistoryToImport): AsyncGenerator<WrittenEvent> {
  const { from, to, onProgress } = wanted;
  const [vulndb, wolfi] = [wanted.gitFolders.get('golang-vulndb'), wanted.gitFolders.get('wolfi-os')];
  if (vulndb === undefined || wolfi === undefined) {
    throw new Failure('E0902', 'a history needs advisories and recipes: both clones must be named', {
      kept: 'no history was written',
      hint: '--from-git golang-vulndb=FOLDER --from-git wolfi-os=FOLDER',
    });
  }
  onProgress('reading the advisories of the Go vulnerability database');
  const advisories = await importAdvisories(vulndb, to);
  onProgress('reading the recipes of Wolfi; a year of them takes some minutes');
  const recipes = await importRecipes(wolfi, { from, to, packages: advisories.packages });
  yield {
    kind: 'history',
    name: 'Go programs of wolfi-dev/os, advisories of golang/vulndb',
    from: from.toString(),
    to: to.toString(),
    notes: [...NOTES, `${recipes.unreadable} texts of recipes could not be read and were passed over`],
  };
  const releases = earliestOf([...advisories.named, ...recipes.named], (upstream, version) =>
    recipes.branches.of(upstream, version),
  );
  yield* [...releases, ...advisories.events, ...recipes.events].toSorted((a, b) => order(a) - order(b));
}

/** What cannot be known from these two repositories alone. */
const NOTES = [
  'a release counts as available when the first recipe went to it or the first advisory named it: its own date is not in there, and lies before',
  'of a program its compiler, its own version and the modules that its recipe raised by name are known, the last from when they were named on; other modules are not replayed',
  'a program whose recipes are named after a minor number keeps a branch for each, any other module one for each major number',
  'a recipe is built at each commit that changes its version or epoch, with the newest compiler that the recipes had then',
];

type Dated = Exclude<WrittenEvent, { readonly kind: 'history' }>;

function order(event: Dated): number {
  return Temporal.Instant.from(event.at).epochMilliseconds;
}
