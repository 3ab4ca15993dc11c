import { inventoryOf } from '../../formats/inventory/inventory-of-layers.ts';
import { encodeConfig } from '../../formats/oci/image-config.ts';
import { encodeManifest, platformOf } from '../../formats/oci/manifest.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import { groupedLayers } from './grouped-layers.ts';
import { refuseConflicts, requireArchitecture, requireDependencies } from './package-conflicts.ts';
import { packageLayer } from './package-layer.ts';
import { store, storeLayer } from './store-layer.ts';
import { apkTopLayer, type TopLayerInput } from './apk-top-layer.ts';
import { debTopLayer } from './deb-top-layer.ts';
import type { Line } from '../../core/catalog/catalog.ts';
import type { FileFact } from '../../core/compat/image-facts.ts';
import type { Architecture } from '../../core/fact.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import type { BlobStore } from '../deps.ts';
import type { BlobRef, ComposedImage, LayerRef } from './image.ts';
import type { PackageLayer, PackageLayerDeps, PackageRef } from './package-layer.ts';

export interface ComposeRequest {
  readonly line: Line;
  readonly architecture: Architecture;
  /** Everything that goes in, dependencies too. */
  readonly packages: readonly PackageRef[];
  /** Recorded in the configuration; nothing else depends on the time. */
  readonly createdAt: Temporal.Instant;
  /** The release of the distribution that the line is based on: `12`. */
  readonly release?: string | null;
}

/**
 * One image from packages: a layer for each, as it stands in the package, and one on top with the package database. The
 * same request gives the same bytes, in whatever order the packages come. All blobs are in the store when it returns.
 * E0401: a dependency that nothing provides, or two packages that want one path.
 */
export async function composeImage(request: ComposeRequest, deps: PackageLayerDeps): Promise<ComposedImage> {
  const { format } = request.line;
  const layersOf = request.packages.map((ref) => packageLayer(ref, format, deps));
  const packages = (await Promise.all(layersOf)).toSorted(inLayerOrder);
  const at = `${request.line.line} ${request.architecture}`;
  requireArchitecture(packages, request.architecture, at);
  requireDependencies(packages, at);
  const owned = refuseConflicts(packages, at);
  const below = await groupedLayers(packages, deps);
  const { entries, notes } = topLayer({ ...request, packages, owned });
  const top = await storeLayer(entries, deps.blobs);
  const layers = [...below.map((one) => one.layer), top.layer];
  const config = await storeConfig(
    request,
    { layers, history: [...below.map((one) => one.name), 'package database'], owned },
    deps.blobs,
  );
  const annotations = { ...createdAnnotation(request.createdAt), ...request.line.annotations };
  const manifest = await store(encodeManifest({ config, layers, annotations }), mediaTypes.manifest, deps.blobs);
  const inventory = inventoryOf([...below.map((one) => one.evidence), top.facts.evidence]);
  return { architecture: request.architecture, manifest, config, layers, inventory, notes };
}

function topLayer(input: TopLayerInput & Pick<ComposeRequest, 'release'>): {
  readonly entries: readonly TarEntry[];
  readonly notes: readonly string[];
} {
  if (input.line.format === 'apk') return { entries: apkTopLayer(input), notes: [] };
  return debTopLayer({ ...input, release: input.release ?? null });
}

export function createdAnnotation(createdAt: Temporal.Instant): Readonly<Record<string, string>> {
  return { 'org.opencontainers.image.created': instantText(createdAt) };
}

/** By name; packages that replace files of others lie above them. */
function inLayerOrder(a: PackageLayer, b: PackageLayer): number {
  const rank = Number(a.replaces.length > 0) - Number(b.replaces.length > 0);
  return rank !== 0 ? rank : a.name < b.name ? -1 : 1;
}

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const CERTIFICATES = 'etc/ssl/certs/ca-certificates.crt';

function storeConfig(
  { line, architecture, createdAt }: ComposeRequest,
  image: {
    readonly layers: readonly LayerRef[];
    readonly history: readonly string[];
    readonly owned: ReadonlyMap<string, FileFact>;
  },
  blobs: BlobStore,
): Promise<BlobRef> {
  const certificates = image.owned.has(CERTIFICATES) ? { SSL_CERT_FILE: `/${CERTIFICATES}` } : {};
  const bytes = encodeConfig({
    ...platformOf(architecture),
    created: instantText(createdAt),
    entrypoint: line.entrypoint,
    cmd: line.cmd,
    environment: { PATH: DEFAULT_PATH, ...certificates, ...line.environment },
    workDir: line.workDir,
    user: line.user === null ? '' : `${line.user.uid}:${line.user.gid}`,
    labels: line.annotations,
    exposedPorts: [],
    volumes: [],
    stopSignal: '',
    diffIds: image.layers.map((layer) => layer.diffId),
    history: image.history,
  });
  return store(bytes, mediaTypes.config, blobs);
}

function instantText(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: 'second' });
}
