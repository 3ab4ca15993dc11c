import { embeddedFactsFolder, parseEmbeddedFacts } from '../apk/embedded-facts.ts';
import { installedDatabasePaths, parseInstalledDatabase } from '../apk/installed-database.ts';
import { type InstalledDeb, isStatusRecord, parseStatus } from '../deb/installed-database.ts';
import { type InstalledRpm, parseRpmDatabase } from '../rpm/installed-database.ts';
import { sourceOfFile } from '../rpm/source-name.ts';
import { Failure } from '../../core/failure.ts';
import { bytesInMemory, type RandomBytes } from '../program/random-bytes.ts';
import { distributionOf, releasePaths, type Distribution } from './distribution.ts';
import { evidenceKindOf, type EvidenceKind } from './evidence-files.ts';
import { fileEvidence } from './file-evidence.ts';
import { ownedByApks, ownedByList, ownedByRpms, ownedBySums, type OwnedPaths } from './owned-paths.ts';
import { isRpmDatabase, isRpmJournal, rpmDatabasePaths } from './rpm-database.ts';
import { treeEntry, type TreeEntry } from './tree-entry.ts';
import type { Component, InventoryPackage } from '../../core/match/inventory.ts';
import type { TarEntry } from '../tar/entry.ts';
import type { FoundComponent } from './found-component.ts';

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
  /** Components by the path of the file that tells of them. */
  readonly found: Readonly<Record<string, readonly FoundComponent[]>>;
  /** Which files belong to which package, by the path of the list that says so. */
  readonly owned: Readonly<Record<string, OwnedPaths>>;
  /** Paths that this layer takes away or puts something else at, with everything below them; opaque folders end in `/`. */
  readonly removed: readonly string[];
  /** Files that should tell of a component and cannot be read. */
  readonly unread: readonly string[];
}

/** Reads the evidence of a layer. E0404 when a database or a document of ours is damaged. */
export function layerEvidence(entries: readonly TarEntry[]): LayerEvidence {
  const collector = evidenceCollector();
  for (const entry of entries) collector.add(treeEntry(entry));
  return collector.evidence();
}

export interface EvidenceCollector {
  readonly add: (entry: TreeEntry) => void;
  readonly evidence: () => LayerEvidence;
}

/** What is looked for beyond names and versions. */
export interface EvidenceOptions {
  /** Which code of its modules a program was linked from; an inventory that is kept goes without. */
  readonly linked?: boolean;
}

/** The same for trees that are walked, and never in memory as a whole. */
export function evidenceCollector({ linked = false }: EvidenceOptions = {}): EvidenceCollector {
  const collected: Collected = {
    linked,
    databases: new Map(),
    documents: new Map(),
    distributions: new Map(),
    found: new Map(),
    owned: new Map(),
    removed: [],
    unread: [],
  };
  return { add: (entry) => take(entry, collected), evidence: () => plainEvidence(collected) };
}

/** In maps: a path may be called `__proto__`. */
interface Collected {
  readonly linked: boolean;
  readonly databases: Map<string, readonly InventoryPackage[]>;
  readonly documents: Map<string, readonly Component[]>;
  readonly distributions: Map<string, Distribution>;
  readonly found: Map<string, readonly FoundComponent[]>;
  readonly owned: Map<string, OwnedPaths>;
  readonly removed: string[];
  readonly unread: string[];
}

function plainEvidence({ removed, unread, ...byPath }: Omit<Collected, 'linked'>): LayerEvidence {
  return {
    databases: Object.fromEntries(byPath.databases),
    documents: Object.fromEntries(byPath.documents),
    distributions: Object.fromEntries(byPath.distributions),
    found: Object.fromEntries(byPath.found),
    owned: Object.fromEntries(byPath.owned),
    removed,
    unread,
  };
}

/** How a file is evidence, by its path: whole, as a database or document, or in pieces, for what it tells of components. */
export function evidenceAt(path: string): 'whole' | EvidenceKind | undefined {
  return isDatabase(path) ||
    isDebianDatabase(path) ||
    isReadByRpm(path) ||
    isDocument(path) ||
    isList(path) ||
    releasePaths.includes(path)
    ? 'whole'
    : evidenceKindOf(path);
}

function take(entry: TreeEntry, collected: Collected): void {
  const { path, kind } = entry;
  const evidence = evidenceAt(path);
  const removed = removalOf(entry);
  // What never is evidence can only hide a folder that bears its name, `x.py/`.
  if (removed !== undefined && (evidence !== undefined || kind !== 'file' || removed !== path)) {
    collected.removed.push(removed);
  }
  if (kind !== 'file') return;
  if (isRpmDatabase(path) && !rpmDatabasePaths.includes(path)) collected.unread.push(path);
  if (evidence === undefined) return;
  const bytes = entry.bytes ?? bytesInMemory(new Uint8Array(0));
  if (isReadByRpm(path)) takeRpm(path, bytes, collected);
  else if (evidence === 'whole') takeWhole(path, bytes.slice(0, bytes.sizeBytes), collected);
  else takeFound({ path, bytes, kind: evidence }, collected);
}

function takeWhole(path: string, content: Uint8Array, { databases, documents, distributions, owned }: Collected): void {
  if (isDatabase(path)) {
    const packages = parseInstalledDatabase(content, path);
    databases.set(path, packages.map(inventoryPackage));
    keep(owned, path, ownedByApks(packages));
  } else if (isDebianDatabase(path)) databases.set(path, parseStatus(content, path).map(debianPackage));
  else if (isDocument(path)) documents.set(path, parseEmbeddedFacts(content, '', path));
  else if (isList(path)) keep(owned, path, ownedByFile(path, content));
  else {
    const distribution = distributionOf(content);
    if (distribution !== undefined) distributions.set(path, distribution);
  }
}

/** One that is damaged is named as unread, as those of other forms are: none of its packages is known. */
function takeRpm(path: string, bytes: RandomBytes, { databases, owned, unread }: Collected): void {
  if (isRpmJournal(path)) {
    if (bytes.sizeBytes > 0) unread.push(path);
    return;
  }
  try {
    const installed = parseRpmDatabase(bytes.slice(0, bytes.sizeBytes), path).filter(({ name }) => name !== SIGNER);
    databases.set(path, installed.map(rpmPackage));
    keep(owned, path, ownedByRpms(installed));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    unread.push(path);
  }
}

/** The key of somebody whose packages are trusted; rpm lists it as a package. */
const SIGNER = 'gpg-pubkey';

function isReadByRpm(path: string): boolean {
  return rpmDatabasePaths.includes(path) || isRpmJournal(path);
}

function takeFound(
  { path, bytes, kind }: { readonly path: string; readonly bytes: RandomBytes; readonly kind: EvidenceKind },
  { found, unread, linked }: Collected,
): void {
  const told = fileEvidence(bytes, { kind, path, linked });
  if (told.components.length > 0) found.set(path, told.components);
  for (const inside of told.unread) unread.push(inside === '' ? path : `${path}!/${inside}`);
}

function keep(owned: Collected['owned'], path: string, paths: OwnedPaths): void {
  if (Object.keys(paths).length > 0) owned.set(path, paths);
}

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
const debianListFolder = 'var/lib/dpkg/info';

function isDocument(path: string): boolean {
  return path.startsWith(`${embeddedFactsFolder}/`) && path.endsWith('.spdx.json');
}

function isList(path: string): boolean {
  return (
    (path.startsWith(`${debianListFolder}/`) && path.endsWith('.list')) ||
    (path.startsWith(`${debianStatusFolder}/`) && path.endsWith('.md5sums'))
  );
}

/** `libssl3.list`, `libssl3:amd64.list`; beside a record of an image without dpkg, `libssl3.md5sums`. */
function ownedByFile(path: string, content: Uint8Array): OwnedPaths {
  const fileName = path.slice(path.lastIndexOf('/') + 1);
  const name = fileName.replace(/\.[a-z0-9]+$/, '').replace(/:.*$/, '');
  return path.endsWith('.list') ? ownedByList(content, name) : ownedBySums(content, name);
}

/** Whiteouts (OCI image-spec layer.md "Whiteouts"), and whatever is no folder takes the place of a folder below it. */
function removalOf(entry: TreeEntry): string | undefined {
  const slash = entry.path.lastIndexOf('/') + 1;
  const name = entry.path.slice(slash);
  if (name === '.wh..wh..opq') return entry.path.slice(0, slash);
  if (name.startsWith('.wh.')) return entry.path.slice(0, slash) + name.slice('.wh.'.length);
  return entry.kind === 'directory' ? undefined : entry.path;
}

function inventoryPackage(installed: ReturnType<typeof parseInstalledDatabase>[number]): InventoryPackage {
  const { name, version, architecture, origin, license } = installed;
  return { name, version, architecture, origin, license };
}

function debianPackage({ name, version, architecture, source }: InstalledDeb): InventoryPackage {
  const own = source.version === version ? {} : { originVersion: source.version };
  return { name, version, architecture, origin: source.name, ...own, license: '' };
}

function rpmPackage({ name, epoch, version, architecture, license, source }: InstalledRpm): InventoryPackage {
  const { name: origin = name, version: originVersion = version } =
    (source === null ? null : sourceOfFile(source)) ?? {};
  const full = epoch === null ? version : `${epoch}:${version}`;
  const own = originVersion === full ? {} : { originVersion };
  return { name, version: full, architecture, origin, ...own, license };
}
