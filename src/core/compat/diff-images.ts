import type { InventoryPackage } from '../match/inventory.ts';
import type { FileFact, ImageFacts } from './image-facts.ts';

/** What two images differ in, as `suture diff` shows it; lists are sorted by name or path. */
export interface ImageDifference {
  readonly packages: {
    readonly added: readonly InventoryPackage[];
    readonly removed: readonly InventoryPackage[];
    readonly changed: readonly { readonly name: string; readonly before: string; readonly after: string }[];
  };
  readonly files: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly FileChange[];
  };
  readonly config: readonly { readonly field: string; readonly before: string; readonly after: string }[];
  readonly size: { readonly beforeBytes: number; readonly afterBytes: number };
}

export interface FileChange {
  readonly path: string;
  readonly what: readonly ('content' | 'kind' | 'mode' | 'owner')[];
}

export function diffImages(before: ImageFacts, after: ImageFacts): ImageDifference {
  return {
    packages: packageDifference(before.packages, after.packages),
    files: {
      added: pathsWithout(after.files, before.files),
      removed: pathsWithout(before.files, after.files),
      changed: changedFiles(before.files, after.files),
    },
    config: configDifference(before, after),
    size: { beforeBytes: before.sizeBytes, afterBytes: after.sizeBytes },
  };
}

function packageDifference(
  before: readonly InventoryPackage[],
  after: readonly InventoryPackage[],
): ImageDifference['packages'] {
  const were = new Map(before.map((one) => [one.name, one]));
  const are = new Map(after.map((one) => [one.name, one]));
  return {
    added: [...are.values()].filter((one) => !were.has(one.name)).toSorted(byName),
    removed: [...were.values()].filter((one) => !are.has(one.name)).toSorted(byName),
    changed: [...were.values()]
      .flatMap((one) => {
        const now = are.get(one.name);
        return now === undefined || now.version === one.version
          ? []
          : [{ name: one.name, before: one.version, after: now.version }];
      })
      .toSorted(byName),
  };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function pathsWithout(these: ReadonlyMap<string, FileFact>, those: ReadonlyMap<string, FileFact>): readonly string[] {
  return [...these.keys()].filter((path) => !those.has(path)).toSorted();
}

function changedFiles(
  before: ReadonlyMap<string, FileFact>,
  after: ReadonlyMap<string, FileFact>,
): readonly FileChange[] {
  return [...before.values()]
    .flatMap((was) => {
      const now = after.get(was.path);
      const what = now === undefined ? [] : changesOf(was, now);
      return what.length === 0 ? [] : [{ path: was.path, what }];
    })
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function changesOf(was: FileFact, now: FileFact): FileChange['what'] {
  const what: ('content' | 'kind' | 'mode' | 'owner')[] = [];
  if (was.kind !== now.kind) what.push('kind');
  else if (was.content !== now.content) what.push('content');
  if (was.mode !== now.mode) what.push('mode');
  if (was.uid !== now.uid || was.gid !== now.gid) what.push('owner');
  return what;
}

function configDifference(before: ImageFacts, after: ImageFacts): ImageDifference['config'] {
  const was = configFields(before);
  const now = configFields(after);
  return [...new Set([...was.keys(), ...now.keys()])]
    .toSorted()
    .map((field) => ({ field, before: was.get(field) ?? '', after: now.get(field) ?? '' }))
    .filter((field) => field.before !== field.after);
}

function configFields({ architecture, config }: ImageFacts): ReadonlyMap<string, string> {
  return new Map([
    ['architecture', architecture],
    ['cmd', JSON.stringify(config.cmd)],
    ['entrypoint', JSON.stringify(config.entrypoint)],
    ['exposedPorts', config.exposedPorts.join(' ')],
    ['stopSignal', config.stopSignal],
    ['user', config.user],
    ['volumes', config.volumes.join(' ')],
    ['workDir', config.workDir],
    ...Object.entries(config.environment).map(([name, value]) => [`environment ${name}`, value] as const),
  ]);
}
