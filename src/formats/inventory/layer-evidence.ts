import { embeddedFactsFolder, parseEmbeddedFacts } from '../apk/embedded-facts.ts';
import { installedDatabasePaths, parseInstalledDatabase } from '../apk/installed-database.ts';
import { type InstalledDeb, isStatusRecord, parseStatus } from '../deb/installed-database.ts';
import type { Component, InventoryPackage } from '../../core/match/inventory.ts';
import type { TarEntry } from '../tar/entry.ts';

/**
 * What one layer contributes to the inventory of an image: a plain value that depends on the layer's bytes alone, so it
 * can be kept for ever under the layer's digest.
 */
export interface LayerEvidence {
  /** Packages by the path of the database that this layer holds. */
  readonly databases: Readonly<Record<string, readonly InventoryPackage[]>>;
  /** Components by the path of the embedded document. */
  readonly documents: Readonly<Record<string, readonly Component[]>>;
  /** What os-release says, by path. */
  readonly distributions: Readonly<Record<string, Distribution>>;
  /** Paths that this layer takes away, with everything below them; opaque folders end in `/`. */
  readonly removed: readonly string[];
}

export interface Distribution {
  /** `ID`: `debian`. */
  readonly id: string;
  /** `VERSION_ID`, else `VERSION_CODENAME`; null where it states neither. */
  readonly release: string | null;
}

/** Reads the evidence of a layer. E0404 when a database or a document of ours is damaged. */
export function layerEvidence(entries: readonly TarEntry[]): LayerEvidence {
  const databases: Record<string, readonly InventoryPackage[]> = {};
  const documents: Record<string, readonly Component[]> = {};
  const distributions: Record<string, Distribution> = {};
  const removed: string[] = [];
  for (const entry of entries) {
    const taken = removalOf(entry);
    if (taken !== undefined && concernsEvidence(taken)) removed.push(taken);
    if (entry.kind !== 'file') continue;
    const content = entry.content ?? new Uint8Array(0);
    if (isDatabase(entry.path))
      databases[entry.path] = parseInstalledDatabase(content, entry.path).map(inventoryPackage);
    else if (isDebianDatabase(entry.path)) databases[entry.path] = parseStatus(content, entry.path).map(debianPackage);
    else if (isDocument(entry.path)) documents[entry.path] = parseEmbeddedFacts(content, '', entry.path);
    else if (releasePaths.includes(entry.path)) {
      const distribution = distributionOf(content);
      if (distribution !== undefined) distributions[entry.path] = distribution;
    }
  }
  return { databases, documents, distributions, removed };
}

/** Where the distribution names itself; the first that exists counts (os-release(5)). */
export const releasePaths: readonly string[] = ['etc/os-release', 'usr/lib/os-release'];

function isDatabase(path: string): boolean {
  return installedDatabasePaths.some((known) => known === path);
}

/** One file for all packages, or one for each, as images without dpkg keep it. */
export function isDebianDatabase(path: string): boolean {
  return (
    path === debianStatusPath ||
    (path.startsWith(`${debianStatusFolder}/`) && isStatusRecord(path.slice(debianStatusFolder.length + 1)))
  );
}

const debianStatusPath = 'var/lib/dpkg/status';
const debianStatusFolder = 'var/lib/dpkg/status.d';

function isDocument(path: string): boolean {
  return path.startsWith(`${embeddedFactsFolder}/`) && path.endsWith('.spdx.json');
}

/** Whiteouts (OCI image-spec layer.md "Whiteouts"), and whatever is no folder takes the place of a folder below it. */
function removalOf(entry: TarEntry): string | undefined {
  const slash = entry.path.lastIndexOf('/') + 1;
  const name = entry.path.slice(slash);
  if (name === '.wh..wh..opq') return entry.path.slice(0, slash);
  if (name.startsWith('.wh.')) return entry.path.slice(0, slash) + name.slice('.wh.'.length);
  return entry.kind === 'directory' ? undefined : entry.path;
}

function concernsEvidence(removed: string): boolean {
  const folder = removed.endsWith('/') || removed === '' ? removed : `${removed}/`;
  const folders = [`${embeddedFactsFolder}/`, `${debianStatusFolder}/`];
  const watched = [...installedDatabasePaths, debianStatusPath, ...releasePaths, ...folders];
  return (
    watched.some((path) => path === removed || path.startsWith(folder)) ||
    folders.some((path) => removed.startsWith(path))
  );
}

function inventoryPackage(installed: ReturnType<typeof parseInstalledDatabase>[number]): InventoryPackage {
  const { name, version, architecture, origin, license } = installed;
  return { name, version, architecture, origin, license };
}

function debianPackage({ name, version, architecture, source }: InstalledDeb): InventoryPackage {
  const own = source.version === version ? {} : { originVersion: source.version };
  return { name, version, architecture, origin: source.name, ...own, license: '' };
}

function distributionOf(content: Uint8Array): Distribution | undefined {
  const text = new TextDecoder().decode(content.subarray(0, 65_536));
  const id = fieldOf(text, 'ID');
  if (id === undefined) return undefined;
  return { id, release: fieldOf(text, 'VERSION_ID') ?? fieldOf(text, 'VERSION_CODENAME') ?? null };
}

function fieldOf(text: string, name: string): string | undefined {
  const field = new RegExp(`^${name}=(?:"([^"\\n]*)"|'([^'\\n]*)'|([^\\s"']*))\\s*$`, 'm').exec(text);
  const value = field?.[1] ?? field?.[2] ?? field?.[3];
  return value !== undefined && /^[a-z0-9._-]{1,100}$/.test(value) ? value : undefined;
}
