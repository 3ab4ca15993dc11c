import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Failure } from '../core/failure.ts';
import type { Component, Inventory } from '../core/match/inventory.ts';
import { applyVex, type VexFinding } from '../core/match/vex.ts';
import type { ImageIdentity } from '../core/match/vex-product.ts';
import { withinOf } from '../core/match/within-of.ts';
import { defaultPolicy, type Policy } from '../core/promise/policy.ts';
import { flawsStated, imageComponent, type StatedInput } from '../core/scan/flaws-stated.ts';
import { findingsIn, type FindingRule, type FoundFlaw } from '../core/scan/findings-in.ts';
import { isRpmDatabase } from '../formats/inventory/rpm-database.ts';
import { openFeeds } from '../io/advisory-index/open-feeds.ts';
import { catalogFolder } from '../io/catalog/catalog-folder.ts';
import { machineClock } from '../io/clock.ts';
import type { ImageInventory } from '../io/inventory/inventory-of-image.ts';
import { kindOfTarget } from '../io/inventory/kind-of-target.ts';
import type { ScanDeps, ScanRequest } from '../serve/cli/scan.ts';
import { scanView, type ScanTarget } from '../views/scan.ts';

/** `suture scan`: reads what is inside, asks the feeds, and applies what is stated about it. */
export async function openScan(cwd: string): Promise<ScanDeps> {
  return {
    async scan(name, request) {
      const scanned = await readTarget(name, cwd, request);
      const catalog = await catalogHere(cwd, request.onProgress);
      const feeds = await openFeeds(feedPaths(request, catalog, cwd), {
        cache: catalog?.cache ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'suture', 'feeds'),
        now: () => machineClock.now(),
        onBuild: (path) => request.onProgress(`${path} is read: it is new or has changed`),
      });
      try {
        if (feeds.records === 0) throw emptyFeeds(feeds.problems);
        const { architecture } = scanned.image;
        const rating = ratingRule(catalog?.policy ?? defaultPolicy, request);
        const found = findingsIn(scanned.inventory, feeds, {
          ...rating,
          options: { ...systemOf(scanned), ...(architecture === '' ? {} : { architecture }) },
        });
        const { flaws, outcomes } = withStatements(found.flaws, scanned, {
          documents: await vexDocuments(request.vex, cwd),
          source: feeds,
          rule: rating,
        });
        const { records, broken, problems, newestModified, statements, passedOver, notKeptIn, parts } = feeds;
        const about = { records, broken, problems, newestModified, statements, passedOver, notKeptIn, parts };
        return scanView({
          target: scanned.target,
          feeds: about,
          flaws,
          outcomes,
          notCovered: found.notCovered,
          layerOf: scanned.layerOf ?? (() => null),
        });
      } finally {
        feeds.close();
      }
    },
  };
}

interface Scanned {
  readonly target: ScanTarget;
  readonly inventory: Inventory;
  readonly image: ImageIdentity;
  readonly layerOf?: ImageInventory['layerOf'];
}

async function readTarget(name: string, cwd: string, request: ScanRequest): Promise<Scanned> {
  const kind = kindOfTarget(name === '-' ? name : pathOrName(name, cwd));
  switch (kind) {
    case 'stdin': {
      const { readInput } = await import('../io/process/read-input.ts');
      const { DOCUMENT_BYTES_MAX } = await import('../formats/sbom/inventory-of-sbom.ts');
      const { signal } = request;
      return sbom('stdin', await readInput(process.stdin, { signal, bytesMax: DOCUMENT_BYTES_MAX }));
    }
    case 'sbom':
      return sbom(name, await documentAt(name, resolve(cwd, name)));
    case 'image':
      return imageAt(name, resolve(cwd, name), request);
    case 'folder': {
      const { inventoryOfFolder } = await import('../io/inventory/inventory-of-folder.ts');
      const { inventory, unread } = inventoryOfFolder(resolve(cwd, name), { linked: true });
      return { target: targetOf(name, 'folder', { inventory, unread, detail: null }), inventory, image: NO_IMAGE };
    }
    case 'reference':
      return pulled(name, request);
  }
}

function pathOrName(name: string, cwd: string): string {
  const path = resolve(cwd, name);
  return kindExists(path) ? path : name;
}

function kindExists(path: string): boolean {
  try {
    kindOfTarget(path);
    return true;
  } catch (error) {
    // It is there, and is nothing that can be scanned: that is what has to be said.
    return error instanceof Failure && error.code === 'E0904';
  }
}

const NO_IMAGE: ImageIdentity = { digests: [], repository: '', tag: null, architecture: '' };

async function sbom(name: string, bytes: Uint8Array): Promise<Scanned> {
  const { inventoryOfSbom } = await import('../formats/sbom/inventory-of-sbom.ts');
  const { format, inventory, unnamed } = inventoryOfSbom(bytes, name);
  return { target: targetOf(name, 'sbom', { inventory, unread: unnamed, detail: format }), inventory, image: NO_IMAGE };
}

async function documentAt(name: string, path: string): Promise<Uint8Array> {
  const { DOCUMENT_BYTES_MAX } = await import('../formats/sbom/inventory-of-sbom.ts');
  const { size } = await stat(path);
  if (size <= DOCUMENT_BYTES_MAX) return readFile(path);
  throw new Failure('E0205', `The document ${name} is larger than ${DOCUMENT_BYTES_MAX} bytes`, {
    at: name,
    kept: 'nothing was scanned',
    hint: 'scan what it describes: the image, or the folder',
  });
}

async function imageAt(name: string, path: string, request: ScanRequest): Promise<Scanned> {
  const { inventoryOfImage } = await import('../io/inventory/inventory-of-image.ts');
  const { tag, architecture } = request;
  const choice = { ...(tag === undefined ? {} : { tag }), ...(architecture === undefined ? {} : { architecture }) };
  const {
    inventory,
    unread,
    digest,
    name: called,
    layerOf,
  } = await inventoryOfImage(path, { ...choice, linked: true });
  const [repository = '', named = null] = (called ?? '').split(/:(?=[^/]*$)/);
  const image = { digests: digest === null ? [] : [digest], repository, tag: named, architecture: architecture ?? '' };
  return { target: targetOf(name, 'image', { inventory, unread, detail: digest }), inventory, image, layerOf };
}

async function pulled(name: string, request: ScanRequest): Promise<Scanned> {
  const [{ registryClient }, { dockerCredentials }, { pullLayout }] = await Promise.all([
    import('../io/registry/client.ts'),
    import('../io/registry/docker-config.ts'),
    import('../io/registry/pull-layout.ts'),
  ]);
  const [, host = '', repository = '', tag, digest] = /^([^/]+)\/([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(name) ?? [];
  const registry = registryClient({
    host,
    plainHttp: /^(?:localhost|127\.0\.0\.1|\[::1\])(?::|$)/.test(host),
    blobs: { get: () => Promise.resolve(undefined) },
    auth: dockerCredentials(join(process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker'), 'config.json')),
  });
  const architecture = request.architecture ?? (process.arch === 'arm64' ? 'arm64' : 'amd64');
  const folder = await mkdtemp(join(tmpdir(), 'suture-scan-'));
  try {
    const { digests } = await pullLayout(
      { host, repository, reference: digest ?? tag ?? 'latest', architecture, signal: request.signal },
      folder,
      registry,
    );
    const scanned = await imageAt(name, folder, { ...request, architecture });
    const image = { digests, repository: `${host}/${repository}`, tag: tag ?? null, architecture };
    return { ...scanned, image };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function targetOf(
  name: string,
  kind: ScanTarget['kind'],
  {
    inventory,
    unread,
    detail,
  }: { readonly inventory: Inventory; readonly unread: readonly string[]; readonly detail: string | null },
): ScanTarget {
  const unreadDatabases = unread.filter(isRpmDatabase);
  return { name, kind, detail, components: inventory.components.length, unread, unreadDatabases };
}

interface CatalogHere {
  readonly feeds: readonly string[];
  readonly policy: Policy;
  readonly cache: string;
}

/** A catalog that cannot be read does not keep anybody from scanning, but another policy then rates: that is said. */
async function catalogHere(cwd: string, say: ScanRequest['onProgress']): Promise<CatalogHere | undefined> {
  const folder = await catalogFolder(cwd);
  if (folder === undefined) return undefined;
  const [{ loadCatalog }, { placesOf }] = await Promise.all([
    import('../io/catalog/load-catalog.ts'),
    import('./places.ts'),
  ]);
  const loaded = await loadCatalog(folder);
  if (loaded.kind === 'problems') {
    say('the catalog here cannot be read, so the default policy rates: suture config check');
    return undefined;
  }
  const { feeds, policy } = loaded.catalog;
  return { feeds: feeds.map(({ from }) => from), policy, cache: join(placesOf(folder).cache, 'feeds') };
}

function ratingRule(policy: Policy, { severitySources: sources }: ScanRequest): Pick<FindingRule, 'policy' | 'order'> {
  if (sources === undefined) return { policy };
  return { policy: { ...policy, severity: { ...policy.severity, sources } }, order: 'the order of --severity-source' };
}

function feedPaths({ feeds }: ScanRequest, catalog: CatalogHere | undefined, cwd: string): readonly string[] {
  if (feeds.length > 0) return feeds.map((path) => resolve(cwd, path));
  const here = (catalog?.feeds ?? []).filter((from) => !/^https?:/.test(from));
  if (here.length > 0) return here;
  throw new Failure('E0902', 'There are no advisories to scan with', {
    why:
      catalog === undefined
        ? 'no --feed is given, and there is no catalog here that can be read'
        : 'the feeds of the catalog are addresses, and a scan reads only what lies here',
    hint: 'suture scan … --feed FOLDER, with what OSV, GitHub, Debian or others publish, zipped or not',
  });
}

/** Else a folder that was named by mistake would look like a clean image. */
function emptyFeeds([problem]: readonly string[]): Failure {
  return new Failure('E0902', 'There are no advisories in the feeds', {
    why: problem ?? 'none of the files there is a record that can be read',
    kept: 'nothing was scanned',
    hint: 'name the folder, zip or file that holds what OSV, GitHub, Debian or others publish',
  });
}

/** Every image here runs on Linux; a document may describe a product for any system, unless it lists a distribution. */
function systemOf({ target, inventory }: Scanned): { readonly os?: 'linux' } {
  const isLinux = target.kind !== 'sbom' || inventory.components.some(({ edge }) => edge === 'is');
  return isLinux ? { os: 'linux' } : {};
}

/** Findings of records and of statements, each with what is stated of it. Who names a document on the command line vouches for it. */
function withStatements(
  flaws: readonly FoundFlaw[],
  { inventory, image, target }: Scanned,
  { documents, ...input }: Pick<StatedInput, 'documents' | 'source' | 'rule'>,
) {
  const tiers = () => 'supplier' as const;
  const within = withinOf(inventory);
  const placeOf = (component: Component) => ({ image, component: component.purl, within: within(component) });
  const known = flaws.map(({ component, ids, verdict, overruled }): VexFinding => {
    return { ...placeOf(component), ids, verdict: overruled === null ? verdict : 'not-affected' };
  });
  const whole = { image, component: null, within: [], about: imageComponent({ image }) };
  const places = [
    ...inventory.components.map((about) => ({ ...placeOf(about), about })),
    ...(target.kind === 'image' ? [whole] : []),
  ];
  const stated = documents.length === 0 ? [] : flawsStated(places, { ...input, documents, known, tiers });
  const added = stated.map(({ place, flaw: { ids, verdict } }): VexFinding => ({ ...place, ids, verdict }));
  return {
    flaws: [...flaws, ...stated.map(({ flaw }) => flaw)],
    outcomes: applyVex([...known, ...added], documents, { tiers }),
  };
}

async function vexDocuments(paths: readonly string[], cwd: string) {
  if (paths.length === 0) return [];
  const { readVex } = await import('../io/vex/read-vex.ts');
  return readVex(paths.map((path) => resolve(cwd, path)));
}
