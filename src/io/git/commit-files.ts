import { Failure } from '../../core/failure.ts';
import { crashPoint } from '../crash-point.ts';
import { git } from './git.ts';

export interface FilesCommit {
  readonly branch: string;
  /** The branch's newest commit; undefined while there is none. */
  readonly parent: string | undefined;
  /** What files hold from now on, by path; undefined for one that goes. */
  readonly files: ReadonlyMap<string, Uint8Array | undefined>;
  readonly message: string;
  readonly at: Temporal.Instant;
}

/** One commit on top of a branch, of any number of files in one call; no index and no work tree are involved. */
export async function commitFiles(gitFolder: string, commit: FilesCommit): Promise<void> {
  const answer = await git({
    args: ['fast-import', '--quiet', '--date-format=raw'],
    env: { GIT_DIR: gitFolder },
    stdin: streamOf(commit),
    timeoutSeconds: 300,
  });
  if (answer.exitCode !== 0) {
    throw new Failure('E0804', `The files of the catalog cannot be kept in ${gitFolder}: ${answer.trouble}`, {
      at: gitFolder,
      kept: 'what was kept there before',
      retryable: true,
    });
  }
  crashPoint('files committed');
}

/** The language of git-fast-import(1); a stream that breaks off before its `done` changes no branch. */
function streamOf({ branch, files, message, at, parent }: FilesCommit): Buffer {
  const head = [
    'feature done',
    `commit refs/heads/${branch}`,
    `committer Suture <suture@localhost> ${Math.trunc(at.epochMilliseconds / 1000)} +0000`,
    `data ${Buffer.byteLength(message)}`,
    message,
    ...(parent === undefined ? [] : [`from ${parent}`]),
    '',
  ].join('\n');
  // What goes comes first: a folder may take the place of a file.
  const gone = [...files].flatMap(([path, bytes]) => (bytes === undefined ? [`D ${quoted(path)}\n`] : []));
  const parts = [...files].flatMap(([path, bytes]) =>
    bytes === undefined
      ? []
      : [Buffer.from(`M 100644 inline ${quoted(path)}\ndata ${bytes.length}\n`), bytes, Buffer.from('\n')],
  );
  return Buffer.concat([Buffer.from(head), Buffer.from(gone.join('')), ...parts, Buffer.from('done\n')]);
}

/** As in C, so that any name can stand there. */
function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}"`;
}
