import { removedLibraries } from './removed-libraries.ts';
import { replacedVersions } from './replaced-versions.ts';
import type { CompatibilityBreak } from '../promise/policy.ts';
import type { ConfigFacts, FileFact, ImageFacts } from './image-facts.ts';

/** One way in which the next image is not a drop-in replacement for the one before. */
export interface CompatibilityFinding {
  readonly kind: CompatibilityBreak | 'setuid-added' | 'size-grew';
  /** One sentence. */
  readonly detail: string;
  /** All paths that it is about, sorted; empty where it is about the configuration. */
  readonly paths: readonly string[];
}

/**
 * What somebody who moves from `previous` to `next` would notice. Nothing for a first image. What carries a version in
 * its name counts as kept when it is there under the new version, and documentation may go.
 */
export function compareWithPredecessor(previous: ImageFacts | null, next: ImageFacts): readonly CompatibilityFinding[] {
  if (previous === null) return [];
  return [
    ...removedLibraries(previous, next),
    ...removedFiles(previous, next),
    ...changedConfigFiles(previous, next),
    ...changedConfig(previous.config, next.config),
    ...changedEntrypoint(previous.config, next.config),
    ...changedUser(previous.config, next.config),
    ...addedSetuid(previous, next),
    ...grownSize(previous, next),
  ];
}

function removedFiles(previous: ImageFacts, next: ImageFacts): readonly CompatibilityFinding[] {
  const renamed = replacedVersions(previous.packages, next.packages);
  const isKept = (path: string) => next.files.has(path) || renamed(path).some((other) => next.files.has(other));
  const gone = [...previous.files.values()]
    .filter((file) => file.kind !== 'directory' && !mayGo(file.path) && !isKept(file.path))
    .map((file) => file.path);
  return about(
    'file-removed',
    gone,
    (count) => `${count} that the image before had ${gone.length === 1 ? 'is' : 'are'} gone`,
  );
}

/** Documentation, caches and the databases of the image's own packages promise nothing to a program. */
function mayGo(path: string): boolean {
  return /^usr\/share\/(?:doc|man|info|licenses|locale)\/|^var\/lib\/db\/sbom\/|^(?:usr\/)?lib\/apk\/|\.pyc$/.test(
    path,
  );
}

function changedConfigFiles(previous: ImageFacts, next: ImageFacts): readonly CompatibilityFinding[] {
  const changed = [...previous.files.values()]
    .filter((before) => isConfiguration(before) && differs(before, next.files.get(before.path)))
    .map((file) => file.path);
  return about('config-changed', changed, (count) => `${count} under /etc changed`);
}

/** /etc/apk and os-release describe the image itself and change with it. */
function isConfiguration(file: FileFact): boolean {
  return file.kind !== 'directory' && file.path.startsWith('etc/') && !/^etc\/(?:apk\/|os-release$)/.test(file.path);
}

function differs(before: FileFact, after: FileFact | undefined): boolean {
  return after !== undefined && (after.content !== before.content || after.kind !== before.kind);
}

function changedConfig(before: ConfigFacts, after: ConfigFacts): readonly CompatibilityFinding[] {
  const changes = [
    ...environmentChanges(before.environment, after.environment),
    ...(before.workDir === after.workDir
      ? []
      : [`working directory ${quoted(before.workDir)} became ${quoted(after.workDir)}`]),
    ...(before.stopSignal === after.stopSignal
      ? []
      : [`stop signal ${quoted(before.stopSignal)} became ${quoted(after.stopSignal)}`]),
    ...before.exposedPorts
      .filter((port) => !after.exposedPorts.includes(port))
      .map((port) => `port ${port} is no longer exposed`),
    ...before.volumes.filter((volume) => !after.volumes.includes(volume)).map((volume) => `volume ${volume} is gone`),
  ];
  return changes.map((detail) => ({ kind: 'config-changed', detail, paths: [] }));
}

/** New variables are fine: nothing could rely on their absence. */
function environmentChanges(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.entries(before).flatMap(([name, value]) => {
    const now = after[name];
    if (now === undefined) return [`environment variable ${name} is gone`];
    return now === value ? [] : [`environment variable ${name} changed from ${quoted(value)} to ${quoted(now)}`];
  });
}

function changedEntrypoint(before: ConfigFacts, after: ConfigFacts): readonly CompatibilityFinding[] {
  const texts = [before, after].map((config) => JSON.stringify([config.entrypoint, config.cmd]));
  if (texts[0] === texts[1]) return [];
  const command = (config: ConfigFacts) => quoted([...config.entrypoint, ...config.cmd].join(' '));
  return [
    { kind: 'entrypoint-changed', detail: `it starts ${command(after)} instead of ${command(before)}`, paths: [] },
  ];
}

function changedUser(before: ConfigFacts, after: ConfigFacts): readonly CompatibilityFinding[] {
  if (before.user === after.user) return [];
  return [
    { kind: 'user-changed', detail: `it runs as ${quoted(after.user)} instead of ${quoted(before.user)}`, paths: [] },
  ];
}

const SETUID_OR_SETGID = 0o6000;

function addedSetuid(previous: ImageFacts, next: ImageFacts): readonly CompatibilityFinding[] {
  const added = [...next.files.values()]
    .filter(
      (file) =>
        file.kind === 'file' && (file.mode & SETUID_OR_SETGID & ~(previous.files.get(file.path)?.mode ?? 0)) !== 0,
    )
    .map((file) => file.path);
  return about(
    'setuid-added',
    added,
    (count) => `${count} newly ${added.length === 1 ? 'runs' : 'run'} with its owner's or group's rights`,
  );
}

const GROWTH_SHARE_MAX = 0.25;
const GROWTH_BYTES_MIN = 2 ** 20;

function grownSize(previous: ImageFacts, next: ImageFacts): readonly CompatibilityFinding[] {
  const grown = next.sizeBytes - previous.sizeBytes;
  if (grown < GROWTH_BYTES_MIN || grown <= previous.sizeBytes * GROWTH_SHARE_MAX) return [];
  return [{ kind: 'size-grew', detail: `it grew from ${previous.sizeBytes} to ${next.sizeBytes} bytes`, paths: [] }];
}

function about(
  kind: CompatibilityFinding['kind'],
  paths: readonly string[],
  sentence: (count: string) => string,
): readonly CompatibilityFinding[] {
  if (paths.length === 0) return [];
  const count = paths.length === 1 ? '1 file' : `${paths.length} files`;
  return [{ kind, detail: sentence(count), paths: paths.toSorted() }];
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
