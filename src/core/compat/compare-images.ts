import { changedAccounts } from './changed-accounts.ts';
import { findingsAbout } from './findings-about.ts';
import { leadsTo } from './leads-to.ts';
import { describesImage, isAlternative, mayGo } from './own-state.ts';
import { removedFiles } from './removed-files.ts';
import { removedLibraries } from './removed-libraries.ts';
import { replacedVersions } from './replaced-versions.ts';
import type { CompatibilityBreak } from '../promise/policy.ts';
import type { ConfigFacts, FileFact, ImageFacts } from './image-facts.ts';

/** One way in which the next image is not a drop-in replacement for the one before. */
export interface CompatibilityFinding {
  readonly kind: CompatibilityBreak;
  /** One sentence. */
  readonly detail: string;
  /** All that it is about, sorted: `/usr/bin/x`, sonames, symbols, accounts; empty where the sentence says it all. */
  readonly names: readonly string[];
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
    ...changedAccounts(previous, next),
    ...addedSetuid(previous, next),
    ...grownSize(previous, next),
  ];
}

function changedConfigFiles(previous: ImageFacts, next: ImageFacts): readonly CompatibilityFinding[] {
  const changed = [...previous.files.values()]
    .filter((before) => isConfiguration(before) && differs(before, next))
    .map((file) => `/${file.path}`);
  return findingsAbout('config-changed', changed, (count) => `${filesWords(count)} under /etc changed`);
}

function isConfiguration(file: FileFact): boolean {
  return file.kind !== 'directory' && file.path.startsWith('etc/') && !describesImage(file.path);
}

function differs(before: FileFact, { files }: ImageFacts): boolean {
  const after = files.get(before.path);
  if (after === undefined || (after.content === before.content && after.kind === before.kind)) return false;
  return !isAlternative(after.path) || !holds(after, files);
}

/** Another alternative is fine as long as there is one; a manual page need not be there. */
function holds(alternative: FileFact, files: ImageFacts['files']): boolean {
  return leadsTo(files, alternative.path) !== undefined || mayGo(alternative.content.replace(/^\/+/, ''));
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
  return changes.map((detail) => ({ kind: 'config-changed', detail, names: [] }));
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
    { kind: 'entrypoint-changed', detail: `it starts ${command(after)} instead of ${command(before)}`, names: [] },
  ];
}

function changedUser(before: ConfigFacts, after: ConfigFacts): readonly CompatibilityFinding[] {
  if (before.user === after.user) return [];
  return [
    { kind: 'user-changed', detail: `it runs as ${quoted(after.user)} instead of ${quoted(before.user)}`, names: [] },
  ];
}

const SETUID_OR_SETGID = 0o6000;

/** A program that only has the new version in its name had its rights before. */
function addedSetuid(previous: ImageFacts, next: ImageFacts): readonly CompatibilityFinding[] {
  const formerly = replacedVersions(next.packages, previous.packages);
  const had = (path: string) =>
    [path, ...formerly(path)].reduce((bits, former) => bits | (previous.files.get(former)?.mode ?? 0), 0);
  const added = [...next.files.values()]
    .filter(
      ({ kind, mode, path }) =>
        kind === 'file' && (mode & SETUID_OR_SETGID) !== 0 && (mode & SETUID_OR_SETGID & ~had(path)) !== 0,
    )
    .map((file) => `/${file.path}`);
  return findingsAbout(
    'setuid-added',
    added,
    (count) => `${filesWords(count)} newly ${count === 1 ? 'runs' : 'run'} with the rights of its owner or group`,
  );
}

const GROWTH_SHARE_MAX = 0.25;
const GROWTH_BYTES_MIN = 2 ** 20;

function grownSize(previous: ImageFacts, next: ImageFacts): readonly CompatibilityFinding[] {
  const grown = next.sizeBytes - previous.sizeBytes;
  if (grown < GROWTH_BYTES_MIN || grown <= previous.sizeBytes * GROWTH_SHARE_MAX) return [];
  return [{ kind: 'size-grew', detail: `it grew from ${previous.sizeBytes} to ${next.sizeBytes} bytes`, names: [] }];
}

function filesWords(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
