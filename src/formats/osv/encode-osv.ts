import type { VersionScheme } from '../../core/match/advisory.ts';

/** What we publish about one vulnerability in packages of our own. */
export interface OwnAdvisory {
  readonly id: string;
  readonly modified: Temporal.Instant;
  readonly published: Temporal.Instant;
  /** Ids of the vulnerability, upstream's and others'. */
  readonly upstream: readonly string[];
  readonly summary: string;
  readonly severity: string;
  readonly affected: readonly OwnAffected[];
}

export interface OwnAffected {
  /** Purl without version. */
  readonly package: string;
  readonly scheme: VersionScheme;
  readonly stream: string | null;
  readonly versions: readonly string[];
  /** Empty where only the named versions are meant; `fixed` null: no fix is published. */
  readonly ranges: readonly { readonly introduced: string; readonly fixed: string | null }[];
}

/**
 * An OSV record (schema 1.7.5). Prefixes and ecosystems are closed lists there: an id of one's own begins with `x_`, and
 * what has no registered ecosystem has no `package`; the package stands in `database_specific`, where our reader finds it.
 */
export function osvOf(advisory: OwnAdvisory) {
  return {
    schema_version: '1.7.5',
    id: advisory.id,
    modified: stamp(advisory.modified),
    published: stamp(advisory.published),
    upstream: advisory.upstream.toSorted(),
    ...(advisory.summary === '' ? {} : { summary: advisory.summary }),
    affected: advisory.affected.map(({ package: about, scheme, stream, versions, ranges }) => ({
      ...(ranges.length === 0
        ? {}
        : {
            ranges: ranges.map(({ introduced, fixed }) => ({
              type: 'ECOSYSTEM',
              events: [{ introduced }, ...(fixed === null ? [] : [{ fixed }])],
            })),
          }),
      versions,
      database_specific: { suture: { package: about, scheme, ...(stream === null ? {} : { stream }) } },
    })),
    database_specific: { severity: advisory.severity, suture: { own: true } },
  };
}

function stamp(at: Temporal.Instant): string {
  return at.toString({ smallestUnit: 'second' });
}
