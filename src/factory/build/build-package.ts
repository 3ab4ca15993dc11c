import type { Recipe, RecipeSource, RecipeStep } from '../../core/catalog/catalog.ts';
import { forArchitecture } from '../../core/catalog/for-architecture.ts';
import { fullVersion } from '../../core/catalog/full-version.ts';
import { digestOf } from '../../core/digest.ts';
import type { Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import type { Architecture } from '../../core/fact.ts';
import type { PackageSigner } from '../../formats/apk/write-package.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import type { BlobStore } from '../deps.ts';
import type { BuildRequest, BuiltPackage, PackageBuilder } from './build.ts';
import { BuildLog } from './build-log.ts';
import { type FetchedSource, packApk } from './pack-apk.ts';
import { packDeb } from './pack-deb.ts';
import { type AppliedPatch, upstreamDelta } from './upstream-delta.ts';
import type { BuildWorkspace } from './workspace.ts';

export interface BuildDeps {
  readonly blobs: Pick<BlobStore, 'put'>;
  /** The files of a source; E0203 when it cannot be had, E0405 when it is not what the recipe expects. */
  readonly fetchSource: (source: FetchableSource) => Promise<BuildSource>;
  /** A place to build in, with the root that the recipe asks for. */
  readonly openWorkspace: (recipe: Recipe, architecture: Architecture) => Promise<BuildWorkspace>;
  /** Whether programs of an architecture can run here. */
  readonly runsHere: (architecture: Architecture) => boolean;
  /** Builds without isolation are refused (E0403) unless this says otherwise; provenance names them either way. */
  readonly allowWithoutIsolation: boolean;
  readonly signer?: PackageSigner;
}

export type FetchableSource = Exclude<RecipeSource, { readonly kind: 'none' }>;

export interface BuildSource {
  readonly entries: readonly TarEntry[];
  /** Upstream's own bytes where there is an archive of theirs, else the tree as one. */
  readonly archive: Uint8Array;
  /** Null for sources that are no git tree. */
  readonly commit: string | null;
  /** Unix seconds: of the commit, or of the newest file in the archive. */
  readonly epoch: number;
}

/**
 * Builds a package from source: fetch, patch, run the steps, collect, test, pack. The same recipe, source and root give
 * the same bytes. E0402 names recipe, step and the last lines; nothing is published then.
 */
export function packageBuilder(deps: BuildDeps): PackageBuilder {
  return { build: (request) => build(request, deps) };
}

async function build(
  { recipe: written, architecture, catalogFile }: BuildRequest,
  deps: BuildDeps,
): Promise<BuiltPackage> {
  const recipe = forArchitecture(written, architecture);
  const version = fullVersion(recipe);
  const log = new BuildLog(`${recipe.name}-${version} for ${architecture}`, recipe.file);
  const source = await fetchSource(recipe, deps);
  const workspace = await deps.openWorkspace(recipe, architecture);
  try {
    refuseWithoutIsolation(workspace, recipe, deps);
    log.note(`source ${source.digest}, isolation ${workspace.isolation}, root ${workspace.rootDigest}`);
    await workspace.unpack(source.entries);
    const patches: AppliedPatch[] = [];
    for (const { file, fixes } of recipe.patches) {
      const bytes = await catalogFile(file);
      await applyPatch({ file, bytes }, workspace, log);
      patches.push({ file, fixes, bytes });
    }
    const environment = { ...standardEnvironment(source.epoch), ...recipe.environment };
    for (const step of recipe.steps) log.take(step, await workspace.runStep(step.runs, environment));
    const files = await workspace.collect(`melange-out/${recipe.name}`, source.epoch);
    const testsRun = await runTests({ recipe, architecture, files, environment }, { workspace, deps, log });
    const contents = { recipe, version, architecture, source, files };
    const { bytes, relations } =
      recipe.format === 'deb'
        ? packDeb(contents, workspace.shlibs)
        : { bytes: packApk(contents, deps.signer), relations: null };
    return {
      name: recipe.name,
      version,
      architecture,
      digest: await deps.blobs.put(bytes),
      sizeBytes: bytes.length,
      sourceDigest: source.digest,
      commit: source.commit,
      isolation: workspace.isolation,
      rootDigest: workspace.rootDigest,
      rootLock: workspace.rootLock === null ? null : await deps.blobs.put(workspace.rootLock),
      relations,
      delta: upstreamDelta(recipe, patches),
      log: await deps.blobs.put(log.bytes()),
      seconds: log.seconds,
      sourceEpoch: source.epoch,
      testsRun,
    };
  } catch (error) {
    if (error instanceof Failure && error.code === 'E0402') throw withLog(error, await deps.blobs.put(log.bytes()));
    throw error;
  } finally {
    await workspace.close();
  }
}

async function fetchSource({ source }: Recipe, deps: BuildDeps): Promise<FetchedSource> {
  if (source.kind === 'none') return { entries: [], digest: digestOf(''), commit: null, epoch: 0 };
  const { entries, archive, commit, epoch } = await deps.fetchSource(source);
  return { entries, digest: await deps.blobs.put(archive), commit, epoch };
}

function refuseWithoutIsolation(workspace: BuildWorkspace, recipe: Recipe, deps: BuildDeps): void {
  if (workspace.isolation !== 'none' || deps.allowWithoutIsolation) return;
  throw new Failure('E0403', `${recipe.recipe} is not built: nothing here can isolate a build`, {
    kept: 'no step of the recipe was run',
    hint: 'suture doctor',
  });
}

async function applyPatch(
  patch: { readonly file: string; readonly bytes: Uint8Array },
  workspace: BuildWorkspace,
  log: BuildLog,
): Promise<void> {
  const refused = await workspace.applyPatch(patch.bytes);
  log.note(`patch ${patch.file}: ${refused ?? 'applied'}`);
  if (refused !== null) throw log.failure(`the patch ${patch.file} does not apply`, refused);
}

/** HOME as melange has it; everything that could differ between machines and days is fixed. */
export function standardEnvironment(epoch: number): Readonly<Record<string, string>> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/home/build',
    SOURCE_DATE_EPOCH: String(epoch),
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
  };
}

interface Testing {
  readonly recipe: Recipe;
  readonly architecture: Architecture;
  readonly files: readonly TarEntry[];
  readonly environment: Readonly<Record<string, string>>;
}

/** How many of the recipe's tests were run: none where the architecture cannot run here, which the log says. */
async function runTests(
  { recipe, architecture, files, environment }: Testing,
  { workspace, deps, log }: { readonly workspace: BuildWorkspace; readonly deps: BuildDeps; readonly log: BuildLog },
): Promise<number> {
  if (!deps.runsHere(architecture)) {
    log.note(`tests not run: ${architecture} programs do not run here`);
    return 0;
  }
  for (const step of recipe.tests) {
    log.take(asTest(step), await workspace.runTest(step.runs, environment, files));
  }
  return recipe.tests.length;
}

function asTest(step: RecipeStep): RecipeStep {
  return { ...step, name: `test: ${step.name}` };
}

function withLog(failure: Failure, log: Digest): Failure {
  return new Failure(failure.code, failure.message, { ...failure.detail, hint: `the whole log is ${log}` });
}
