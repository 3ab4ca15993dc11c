import { mkdir, realpath } from 'node:fs/promises';
import { Failure } from '../../core/failure.ts';
import type { ClockDeps } from '../../factory/deps.ts';
import { folderStamp } from '../catalog/folder-stamp.ts';
import { readCatalogBytes } from '../catalog/read-files.ts';
import { crashPoint } from '../crash-point.ts';
import { catalogRepository, type GitCatalogRepository } from './catalog-repository.ts';
import { commitFiles } from './commit-files.ts';
import { idOf } from './commit-on-branch.ts';
import { git, gitOrFail } from './git.ts';
import { DECLARED, mergeDeclared } from './merge-declared.ts';

export interface ApartFolders {
  /** The owner's, in any repository or in none: only read. */
  readonly folder: string;
  /** A bare repository of ours, made when it is not there. */
  readonly gitFolder: string;
}

export interface ApartCatalog {
  readonly repository: GitCatalogRepository;
  /** Takes in what the owner changed in the folder since the last time; while nobody wrote there it costs a look. */
  takeIn(): Promise<void>;
}

/** Looking takes at most this part of the time, however large the folder is. */
const LOOKING_SHARE = 1 / 20;

/**
 * A catalog whose folder stays as its owner has it. The branch `declared` follows the folder, one commit for each change
 * that is seen; `main` is that and what Suture merged. Killed anywhere, taking in again goes on. Every trouble is E0804
 * (E0101 for files that cannot be a catalog's) and leaves main as it was.
 */
export function apartCatalog({ folder, gitFolder }: ApartFolders, clock: ClockDeps): ApartCatalog {
  const repository = catalogRepository({ folder: gitFolder, bare: true });
  let taken: string | undefined;
  let trouble: Failure | undefined;
  let nextLookMs = 0;
  return {
    repository,
    async takeIn() {
      const before = performance.now();
      if (before < nextLookMs) {
        if (trouble !== undefined) throw trouble;
        return;
      }
      // First the stamp, then the files: what is written in between is seen the next time.
      const stamp = folderStamp(folder);
      const now = performance.now();
      nextLookMs = now + (now - before) / LOOKING_SHARE;
      try {
        if (taken === undefined) await ensureRepository(gitFolder);
        if (stamp !== taken) {
          await takeSnapshot({ folder, gitFolder }, repository, clock);
          await mergeDeclared(gitFolder, clock.now());
        }
        [taken, trouble] = [stamp, undefined];
      } catch (error) {
        if (error instanceof Failure) trouble = error;
        throw error;
      }
    },
  };
}

/** Made again where it was killed half-made; and git must not take the owner's repository around it for ours. */
async function ensureRepository(gitFolder: string): Promise<void> {
  const env = { GIT_DIR: gitFolder, GIT_DEFAULT_HASH: 'sha1' };
  const bare = await git({ args: ['rev-parse', '--is-bare-repository'], env });
  if (new TextDecoder().decode(bare.stdout).trim() !== 'true') {
    await mkdir(gitFolder, { recursive: true });
    const args = ['init', '--quiet', '--bare', '--initial-branch=main'];
    await gitOrFail({ args, env }, 'E0804', `${gitFolder} cannot be made a repository`);
    crashPoint('repository started');
  }
  const found = await git({ args: ['rev-parse', '--absolute-git-dir'], cwd: gitFolder });
  if (new TextDecoder().decode(found.stdout).trim() === (await realpath(gitFolder))) return;
  throw new Failure('E0804', `${gitFolder} is no repository that git can use`, {
    at: gitFolder,
    kept: 'nothing was done',
    hint: 'move it away: it is made anew from the files of the catalog, without what Suture changed',
  });
}

/** The folder as one commit on `declared`, unless that is what it holds. */
async function takeSnapshot(
  { folder, gitFolder }: ApartFolders,
  repository: Pick<GitCatalogRepository, 'filesAt'>,
  clock: ClockDeps,
): Promise<void> {
  const files = await filesOf(folder);
  const parent = await idOf(gitFolder, `${DECLARED}^{commit}`);
  const before = parent === undefined ? new Map<string, Uint8Array>() : await repository.filesAt(DECLARED);
  const changed = [...new Set([...files.keys(), ...before.keys()])].filter((path) => {
    const [now, then] = [files.get(path), before.get(path)];
    return now === undefined || then === undefined || Buffer.compare(now, then) !== 0;
  });
  if (changed.length === 0) return;
  const message = `${parent === undefined ? 'The catalog as declared' : `Declared: ${changed.join(', ').slice(0, 500)}`}\n`;
  const entries = new Map(changed.map((path) => [path, files.get(path)]));
  await commitFiles(gitFolder, { branch: 'declared', parent, files: entries, message, at: clock.now() });
}

async function filesOf(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const { files, problems } = await readCatalogBytes(folder);
  const kept = { kept: 'what was declared before stays in force', hint: 'suture config check' };
  // While somebody checks out another branch there, say: that is no edit.
  if (!files.has('suture.yaml')) throw new Failure('E0103', 'there is no suture.yaml here', { at: folder, ...kept });
  const [problem] = problems;
  if (problem !== undefined) throw new Failure(problem.code, problem.message, { ...kept, ...problem.detail });
  return files;
}
