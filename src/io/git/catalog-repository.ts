import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { CatalogRepository } from '../../factory/propose-change.ts';
import { commitOnBranch } from './commit-on-branch.ts';
import { gitOrFail, gitText } from './git.ts';
import { headFromFiles } from './head-from-files.ts';
import { mergeBranch } from './merge-branch.ts';
import { parseListing } from './read-tree.ts';
import { readBlobs } from './read-blobs.ts';

export interface CatalogFolder {
  /** Folder of the catalog: the top of a repository, or a folder in one; or a bare repository that holds it alone. */
  readonly folder: string;
  readonly bare?: boolean;
  /** Author and committer of changes; default Suture <suture@localhost>. */
  readonly author?: { readonly name: string; readonly email: string };
}

/** The catalog's git repository, as the factory asks for it and as commands read it. Every trouble is E0804. */
export interface GitCatalogRepository extends CatalogRepository {
  /** The commit that main (the branch checked out in the folder) points at. */
  head(): Promise<string>;
  /** Bytes of a file as of a commit or branch; E0804 when it is not there. */
  readFileAt(commit: string, path: string): Promise<Uint8Array>;
  /** All files of the catalog as of a commit or branch, by path relative to it; at most 64 MiB. */
  filesAt(commit: string): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Branches whose name starts so, with their commits. */
  branches(prefix: string): Promise<ReadonlyMap<string, string>>;
}

const CATALOG_BYTES_MAX = 64 * 1024 ** 2;

export function catalogRepository(catalog: CatalogFolder): GitCatalogRepository {
  // A path relative to the folder begins with a dot, which means nothing where there is no work tree (gitrevisions(7)).
  const [gitFolder, top] = catalog.bare === true ? [catalog.folder, ''] : [join(catalog.folder, '.git'), './'];
  const read = (commit: string, path: string) => readFileAt(catalog.folder, commit, `${top}${path}`);
  return {
    head: async () => (await headFromFiles(gitFolder)) ?? headOf(catalog.folder),
    readMain: async (path) => new TextDecoder().decode(await read('HEAD', path)),
    readFileAt: read,
    filesAt: (commit) => filesAt(catalog.folder, commit),
    branches: (prefix) => branchesOf(catalog.folder, prefix),
    commitOnBranch: (change) => commitOnBranch(catalog, change),
    merge: (branch, commit) => mergeBranch(catalog, branch, commit),
  };
}

function headOf(folder: string): Promise<string> {
  return gitText(
    { args: ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], cwd: folder },
    'E0804',
    `${folder} has no commit yet`,
    {
      at: folder,
      kept: 'nothing was done',
      hint: `git init ${folder}, then add and commit the catalog: what is committed counts`,
    },
  );
}

async function readFileAt(folder: string, commit: string, path: string): Promise<Uint8Array> {
  checkRevision(commit);
  return gitOrFail(
    { args: ['cat-file', 'blob', `${commit}:${path}`], cwd: folder },
    'E0804',
    `${path.replace(/^\.\//, '')} cannot be read from the catalog as of ${commit}`,
  );
}

async function filesAt(folder: string, commit: string): Promise<ReadonlyMap<string, Uint8Array>> {
  checkRevision(commit);
  const what = `The catalog as of ${commit} cannot be read`;
  const listing = await gitOrFail({ args: ['ls-tree', '-r', '-z', '-l', commit], cwd: folder }, 'E0804', what);
  const files = parseListing(listing, folder).filter((row) => row.mode.startsWith('10'));
  if (files.reduce((sum, row) => sum + row.sizeBytes, 0) > CATALOG_BYTES_MAX) {
    throw new Failure('E0205', `The catalog as of ${commit} is larger than ${CATALOG_BYTES_MAX} bytes`);
  }
  const gitFolder = await gitText({ args: ['rev-parse', '--absolute-git-dir'], cwd: folder }, 'E0804', what);
  const blobs = await readBlobs(gitFolder, new Map(files.map((row) => [row.id, row.sizeBytes])));
  return new Map(files.map((row) => [row.path, blobs.get(row.id) ?? new Uint8Array()]));
}

async function branchesOf(folder: string, prefix: string): Promise<ReadonlyMap<string, string>> {
  const text = await gitText(
    { args: ['for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads/'], cwd: folder },
    'E0804',
    'The branches of the catalog cannot be read',
  );
  const rows = text.split('\n').filter((row) => row !== '');
  return new Map(
    rows
      .map((row): [string, string] => [
        row.slice('refs/heads/'.length, row.indexOf(' ')),
        row.slice(row.indexOf(' ') + 1),
      ])
      .filter(([name]) => name.startsWith(prefix)),
  );
}

function checkRevision(text: string): void {
  if (/^[\w][\w./+-]*$/.test(text)) return;
  throw new Failure('E0804', `${JSON.stringify(text)} is no commit or branch`);
}
