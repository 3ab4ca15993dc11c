import { compareWithPredecessor } from '../../core/compat/compare-images.ts';
import { encodeInventory } from '../../core/match/inventory-json.ts';
import { Failure } from '../../core/failure.ts';
import { mergeLayers } from '../../formats/oci/merge-layers.ts';
import { parseManifest } from '../../formats/oci/manifest.ts';
import { readLayer } from '../../formats/oci/read-layer.ts';
import { compatibilityGate } from './compatibility-gate.ts';
import { checkedBlob, readImage } from './read-image.ts';
import type { CompatibilityFinding } from '../../core/compat/compare-images.ts';
import type { ImageFacts } from '../../core/compat/image-facts.ts';
import type { Line } from '../../core/catalog/catalog.ts';
import type { Architecture } from '../../core/fact.ts';
import type { Inventory } from '../../core/match/inventory.ts';
import type { Policy } from '../../core/promise/policy.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import type { BlobRef, ComposedImage } from './image.ts';
import type { ReadImage, ReadImageDeps } from './read-image.ts';

export interface VerifyRequest {
  readonly image: ComposedImage;
  readonly line: Pick<Line, 'test' | 'user'>;
  /** Facts of the image that this one replaces, null for the first of a line. */
  readonly predecessor: ImageFacts | null;
  readonly policy: Pick<Policy, 'compatibility'>;
  /** Kinds of break that somebody looked at and accepted, or that the line's own declaration asks for. */
  readonly accepted?: readonly CompatibilityFinding['kind'][];
}

export interface VerifyDeps extends ReadImageDeps {
  /** What is known to be wrong with it now; `passed` when nothing that a fix exists for. */
  readonly judge: (inventory: Inventory) => Promise<{ readonly passed: boolean; readonly detail: string }>;
  readonly run: RunImage;
}

/** Starts the image's program in its own tree, away from network and host. */
export type RunImage = (request: RunRequest) => Promise<RunResult>;

export interface RunRequest {
  readonly architecture: Architecture;
  /** The merged tree; called only when it is really going to run. */
  readonly files: () => Promise<readonly TarEntry[]>;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workDir: string;
  readonly user: { readonly uid: number; readonly gid: number };
}

export type RunResult =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly output: string }
  /** It was still running when its time was up, as a server should. */
  | { readonly kind: 'still-running'; readonly output: string }
  /** This machine cannot run it: another architecture, no sandbox. */
  | { readonly kind: 'not-run'; readonly reason: string };

export interface Gate {
  readonly gate: 'bytes' | 'clean' | 'compatible' | 'runs';
  readonly passed: boolean;
  readonly detail: string;
}

export interface Verification {
  readonly passed: boolean;
  /** In order; after `bytes` failed nothing else is judged. */
  readonly gates: readonly Gate[];
  readonly findings: readonly CompatibilityFinding[];
  /** Facts for the comparison with the image after this one. */
  readonly facts: ImageFacts | null;
}

/**
 * Whether an image may be published, as values: its bytes are what they are called, it is clean when scanned from those
 * bytes, it breaks nothing that the policy protects, and it runs. Failures of the world around (a store that cannot be
 * read) are still thrown.
 */
export async function verifyImage(request: VerifyRequest, deps: VerifyDeps): Promise<Verification> {
  const read = await readChecked(request.image, deps);
  if ('gate' in read) return { passed: false, gates: [read], findings: [], facts: null };
  const findings = compareWithPredecessor(request.predecessor, read.facts);
  const gates: Gate[] = [
    { gate: 'bytes', passed: true, detail: `${request.image.layers.length} layers, every digest matches` },
    { gate: 'clean', ...(await deps.judge(read.inventory)) },
    compatibilityGate(findings, request),
    await runGate(request, read, deps),
  ];
  return { passed: gates.every((gate) => gate.passed), gates, findings, facts: read.facts };
}

async function readChecked(image: ComposedImage, deps: VerifyDeps): Promise<ReadImage | Gate> {
  try {
    const read = await readImage(image.manifest, deps);
    const same = Buffer.compare(encodeInventory(read.inventory), encodeInventory(image.inventory)) === 0;
    return same ? read : { gate: 'bytes', passed: false, detail: 'the bytes hold another inventory than was composed' };
  } catch (error) {
    if (!(error instanceof Failure) || !['E0301', 'E0404', 'E0205'].includes(error.code)) throw error;
    return { gate: 'bytes', passed: false, detail: `${error.message} (${error.detail.at ?? error.code})` };
  }
}

async function runGate({ image, line }: VerifyRequest, { config }: ReadImage, deps: VerifyDeps): Promise<Gate> {
  const argv = [...config.entrypoint, ...(line.test?.args ?? config.cmd)];
  if (argv.length === 0) return { gate: 'runs', passed: true, detail: 'it has nothing to run' };
  const result = await deps.run({
    architecture: image.architecture,
    files: () => filesOf(image.manifest, deps.blob),
    argv,
    environment: config.environment,
    workDir: config.workDir === '' ? '/' : config.workDir,
    user: line.user ?? { uid: 0, gid: 0 },
  });
  return { gate: 'runs', ...verdictOf(result, line.test?.expect ?? null) };
}

function verdictOf(result: RunResult, expect: string | null): { readonly passed: boolean; readonly detail: string } {
  switch (result.kind) {
    case 'not-run':
      return { passed: true, detail: `not run: ${result.reason}` };
    case 'still-running':
    case 'exited': {
      const ended = result.kind === 'exited' ? `exit code ${result.exitCode}` : 'still running';
      const printed = JSON.stringify(result.output.trim().slice(0, 200));
      if (result.kind === 'exited' && result.exitCode !== 0)
        return { passed: false, detail: `${ended}, it printed ${printed}` };
      if (expect !== null && !result.output.includes(expect)) {
        return { passed: false, detail: `expected ${JSON.stringify(expect)}, it printed ${printed}` };
      }
      return { passed: true, detail: `${ended}, it printed ${printed}` };
    }
  }
}

/** The whole tree of an image, from its bytes. */
export async function filesOf(manifest: BlobRef, blob: ReadImageDeps['blob']): Promise<readonly TarEntry[]> {
  const { layers } = parseManifest(await checkedBlob(manifest, blob), manifest.digest);
  const trees: (readonly TarEntry[])[] = [];
  for (const layer of layers) {
    trees.push(readLayer(await checkedBlob(layer, blob), { mediaType: layer.mediaType, at: layer.digest }).entries);
  }
  return mergeLayers(trees);
}
