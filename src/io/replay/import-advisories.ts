import { parseFeedJson } from '../../formats/feed-json.ts';
import { parseOsv } from '../../formats/osv/parse-osv.ts';
import type { WrittenEvent } from '../../formats/replay/recorded-event.ts';
import { eachBlob, pathHistory } from '../git/path-history.ts';
import type { NamedRelease } from './named-release.ts';

export interface ImportedAdvisories {
  readonly events: readonly Extract<WrittenEvent, { readonly kind: 'advisory' }>[];
  /** Purls of all packages that some version speaks of. */
  readonly packages: ReadonlySet<string>;
  readonly named: readonly NamedRelease[];
}

/** Every version of every record of the Go vulnerability database until an instant, each as of its commit. */
export async function importAdvisories(gitFolder: string, until: Temporal.Instant): Promise<ImportedAdvisories> {
  const changes = await pathHistory({ gitFolder, paths: [':(glob)data/osv/*.json'], until });
  const records = new Map<string, unknown>();
  const blobs = changes.flatMap(({ blob }) => blob ?? []);
  for await (const [blob, bytes] of eachBlob(gitFolder, blobs)) records.set(blob, parseFeedJson(bytes, blob));

  const events: ImportedAdvisories['events'][number][] = [];
  const packages = new Set<string>();
  const named: NamedRelease[] = [];
  for (const { path, blob, committedAt: at } of changes) {
    const json = blob === null ? undefined : records.get(blob);
    if (json === undefined) continue;
    const record = withoutProse(json);
    events.push({ kind: 'advisory', at: at.toString(), source: 'govulndb', record });
    for (const affected of parseOsv(record, { name: path, source: 'govulndb', observedAt: at }).affected) {
      packages.add(affected.package);
      for (const { fixed } of affected.ranges)
        if (fixed !== null) named.push({ upstream: affected.package, version: fixed, at });
    }
  }
  return { events, packages, named };
}

/** What a replay needs: names, dates, packages and ranges. */
function withoutProse(json: unknown): unknown {
  const { details: _, references: _links, credits: _people, affected, ...rest } = json as Record<string, unknown>;
  const entries = Array.isArray(affected) ? affected : [];
  return {
    ...rest,
    affected: entries.map((entry: unknown) => {
      const { ecosystem_specific: _symbols, ...what } = entry as Record<string, unknown>;
      return what;
    }),
  };
}
