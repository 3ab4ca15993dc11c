import * as z from 'zod';
import { parseDigest, type Digest } from '../../core/digest.ts';
import type { PackageBuilt, PackageImported } from '../../core/fact.ts';
import { imageBuildType } from './predicate-types.ts';

/** How an image came about, as much as we know. */
export interface ImageOrigin {
  /** `hello:1`. */
  readonly line: string;
  readonly architecture: string;
  /** Commit of the catalog that the line was composed from; null outside git. */
  readonly catalogCommit: string | null;
  /** Why it was made: the reason of the publication. */
  readonly reason: string;
  /** Version of this program. */
  readonly programVersion: string;
  readonly composedAt: Temporal.Instant;
  /** Packages of ours, as the ledger knows their builds. */
  readonly packages: readonly BuiltInput[];
  /**
   * How many vulnerabilities the VEX document beside it speaks of. OpenVEX 0.2.0 has no form for "none", so with 0 there
   * is no such document, and this signed number tells that from one that was taken away.
   */
  readonly vulnerabilityStatements: number;
  /** Packages that came from elsewhere, or whose build we do not know. */
  readonly imported: readonly ImportedInput[];
  /** What was made in place of maintainer scripts, and what was left undone. */
  readonly notes?: readonly string[];
}

export type BuiltInput = Pick<
  PackageBuilt,
  | 'recipe'
  | 'name'
  | 'version'
  | 'digest'
  | 'upstream'
  | 'upstreamVersion'
  | 'sourceDigest'
  | 'isolation'
  | 'delta'
  | 'rootLock'
> & { readonly commit: string | null };

export type ImportedInput = Pick<PackageImported, 'name' | 'version'> &
  Partial<Pick<PackageImported, 'suite' | 'source'>> & { readonly digest: Digest | null };

/** The predicate of SLSA provenance v1 (slsa.dev/spec/v1.0/provenance). The isolation is said in words, whatever it was. */
export function slsaProvenance(origin: ImageOrigin) {
  const instant = origin.composedAt.toString({ smallestUnit: 'second' });
  return {
    buildDefinition: {
      buildType: imageBuildType,
      externalParameters: {
        line: origin.line,
        architecture: origin.architecture,
        reason: origin.reason,
        ...(origin.catalogCommit === null ? {} : { catalogCommit: origin.catalogCommit }),
      },
      internalParameters: {
        vulnerabilityStatements: origin.vulnerabilityStatements,
        packages: origin.packages.map((built) => ({
          name: built.name,
          version: built.version,
          recipe: built.recipe,
          isolation: built.isolation,
          isolationMeans: isolationInWords[built.isolation],
          ...(built.delta === undefined ? {} : { upstreamDelta: built.delta }),
          ...(built.rootLock === undefined ? {} : { rootLock: built.rootLock }),
        })),
        ...(origin.notes === undefined || origin.notes.length === 0 ? {} : { inPlaceOfScripts: origin.notes }),
      },
      resolvedDependencies: [...origin.packages.flatMap(dependenciesOf), ...origin.imported.map(importedDependency)],
    },
    runDetails: {
      builder: { id: 'urn:suture:builder:v1', version: { suture: origin.programVersion } },
      metadata: { startedOn: instant, finishedOn: instant },
    },
  };
}

export const isolationInWords: Readonly<Record<PackageBuilt['isolation'], string>> = {
  bubblewrap: 'built without network in a sandbox of its own file system, processes and users',
  unshare: 'built without network in namespaces of its own, on the file system of the machine',
  none: 'built without isolation: the build could reach the machine and its network',
};

function dependenciesOf(built: BuiltInput) {
  return [
    {
      name: built.name,
      uri: `urn:suture:package:${built.name}-${built.version}`,
      digest: { sha256: hexOf(built.digest) },
    },
    {
      name: `source of ${built.name}`,
      uri: `${built.upstream}@${built.upstreamVersion}`,
      digest: {
        sha256: hexOf(built.sourceDigest),
        ...(built.commit === null ? {} : { gitCommit: built.commit }),
      },
    },
  ];
}

function importedDependency(imported: ImageOrigin['imported'][number]) {
  return {
    name: imported.name,
    uri: `urn:suture:imported:${imported.name}-${imported.version}`,
    ...(imported.suite === undefined ? {} : { annotations: { suite: imported.suite, source: sourceText(imported) } }),
    ...(imported.digest === null ? {} : { digest: { sha256: hexOf(imported.digest) } }),
  };
}

function sourceText({ source }: ImportedInput): string {
  return source === undefined ? '' : `${source.name} ${source.version}`;
}

/** What a reader of our provenance needs. */
export interface ReadProvenance {
  readonly builder: string;
  readonly line: string;
  readonly catalogCommit: string | null;
  readonly composedAt: Temporal.Instant | null;
  readonly isolations: readonly string[];
  readonly dependencies: number;
  readonly vulnerabilityStatements: number;
  readonly digests: readonly Digest[];
}

/** Undefined when the predicate is not one of ours. */
export function readProvenance(predicate: unknown): ReadProvenance | undefined {
  const parsed = provenanceSchema.safeParse(predicate);
  if (!parsed.success) return undefined;
  const { buildDefinition: definition, runDetails } = parsed.data;
  const digests = definition.resolvedDependencies.flatMap(
    (one) => parseDigest(`sha256:${one.digest?.sha256 ?? ''}`) ?? [],
  );
  return {
    builder: runDetails.builder.id,
    line: definition.externalParameters.line,
    catalogCommit: definition.externalParameters.catalogCommit ?? null,
    composedAt: instantOf(runDetails.metadata.finishedOn),
    isolations: [...new Set(definition.internalParameters.packages.map((one) => one.isolation))].sort(),
    dependencies: definition.resolvedDependencies.length,
    vulnerabilityStatements: definition.internalParameters.vulnerabilityStatements,
    digests,
  };
}

const provenanceSchema = z.object({
  buildDefinition: z.object({
    buildType: z.literal(imageBuildType),
    externalParameters: z.object({ line: z.string().max(500), catalogCommit: z.string().max(100).optional() }),
    internalParameters: z.object({
      vulnerabilityStatements: z.number().int().min(0),
      packages: z.array(z.object({ isolation: z.string().max(50) })).max(100_000),
    }),
    resolvedDependencies: z
      .array(z.object({ digest: z.object({ sha256: z.string().optional() }).optional() }))
      .max(200_000),
  }),
  runDetails: z.object({
    builder: z.object({ id: z.string().max(500) }),
    metadata: z.object({ finishedOn: z.string() }),
  }),
});

function instantOf(text: string): Temporal.Instant | null {
  try {
    return Temporal.Instant.from(text);
  } catch {
    return null;
  }
}

function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}
