import { embeddedFactsFolder, parseEmbeddedFacts } from '../apk/embedded-facts.ts';
import { installedDatabasePaths, parseInstalledDatabase } from '../apk/installed-database.ts';
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
  /** `ID` of os-release by path. */
  readonly distributions: Readonly<Record<string, string>>;
  /** Paths that this layer takes away, with everything below them; opaque folders end in `/`. */
  readonly removed: readonly string[];
}

/** Reads the evidence of a layer. E0404 when a database or a document of ours is damaged. */
export function layerEvidence(entries: readonly TarEntry[]): LayerEvidence {
  const databases: Record<string, readonly InventoryPackage[]> = {};
  const documents: Record<string, readonly Component[]> = {};
  const distributions: Record<string, string> = {};
  const removed: string[] = [];
  for (const entry of entries) {
    const taken = removalOf(entry);
    if (taken !== undefined && concernsEvidence(taken)) removed.push(taken);
    if (entry.kind !== 'file') continue;
    const content = entry.content ?? new Uint8Array(0);
    if (isDatabase(entry.path))
      databases[entry.path] = parseInstalledDatabase(content, entry.path).map(inventoryPackage);
    else if (isDocument(entry.path)) documents[entry.path] = parseEmbeddedFacts(content, '', entry.path);
    else if (releasePaths.includes(entry.path)) {
      const id = distributionId(content);
      if (id !== undefined) distributions[entry.path] = id;
    }
  }
  return { databases, documents, distributions, removed };
}

/** Where the distribution names itself; the first that exists counts (os-release(5)). */
export const releasePaths: readonly string[] = ['etc/os-release', 'usr/lib/os-release'];

function isDatabase(path: string): boolean {
  return installedDatabasePaths.some((known) => known === path);
}

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
  const watched = [...installedDatabasePaths, ...releasePaths, `${embeddedFactsFolder}/`];
  return (
    watched.some((path) => path === removed || path.startsWith(folder)) || removed.startsWith(`${embeddedFactsFolder}/`)
  );
}

function inventoryPackage(installed: ReturnType<typeof parseInstalledDatabase>[number]): InventoryPackage {
  const { name, version, architecture, origin, license } = installed;
  return { name, version, architecture, origin, license };
}

function distributionId(content: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(content.subarray(0, 65_536));
  const id = /^ID=(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"']*))\s*$/m.exec(text);
  const value = id?.[1] ?? id?.[2] ?? id?.[3];
  return value !== undefined && /^[a-z0-9._-]{1,100}$/.test(value) ? value : undefined;
}
