import { Failure } from '../../core/failure.ts';
import { gitOrFail, gitText } from './git.ts';
import { readBlobs } from './read-blobs.ts';

export interface HistoryToRead {
  /** Bare repository or `.git` folder. */
  readonly gitFolder: string;
  /** As git's own pathspecs: `data/osv`, `:(glob)*.yaml`. */
  readonly paths: readonly string[];
  /** Committed after the first and until the second; all where they are not given. */
  readonly since?: Temporal.Instant;
  readonly until?: Temporal.Instant;
}

/** One file of one commit: what it was from then on; null where it was removed. */
export interface FileChange {
  readonly commit: string;
  readonly committedAt: Temporal.Instant;
  readonly path: string;
  readonly blob: string | null;
}

const CHANGES_BYTES_MAX = 256 * 1024 ** 2;
const BLOB_BYTES_MAX = 512 * 1024;
const BLOBS_AT_ONCE = 400;

/**
 * Every version of some files on the main branch, oldest commit first; of a merge what it brought to the branch. Dates are
 * the committer's: for a branch that a review system writes, when a change landed. E0203 when it cannot be read.
 */
export async function pathHistory({ gitFolder, paths, since, until }: HistoryToRead): Promise<readonly FileChange[]> {
  const between = [
    ...(since === undefined ? [] : [`--since=${since.epochMilliseconds / 1000}`]),
    ...(until === undefined ? [] : [`--until=${until.epochMilliseconds / 1000}`]),
  ];
  const log = ['log', '-z', '--raw', '--no-renames', '--no-abbrev', '--first-parent', '-m', '--reverse'];
  const answer = await gitOrFail(
    {
      args: [...log, '--format=commit %H %ct', ...between, 'HEAD', '--', ...paths],
      env: { GIT_DIR: gitFolder },
      outputBytesMax: CHANGES_BYTES_MAX,
      timeoutSeconds: 600,
    },
    'E0203',
    `The history in ${gitFolder} cannot be read`,
    { hint: 'name the git folder of a complete clone: its objects are read, nothing is fetched' },
  );
  return changesIn(new TextDecoder().decode(answer));
}

/** The last commit until an instant, and the files that it has; undefined before the first. */
export async function filesAt(
  { gitFolder, paths }: Pick<HistoryToRead, 'gitFolder' | 'paths'>,
  at: Temporal.Instant,
): Promise<readonly FileChange[]> {
  const failure = ['E0203', `The history in ${gitFolder} cannot be read`] as const;
  const seconds = at.epochMilliseconds / 1000;
  const log = ['log', '-1', '--first-parent', '--format=%H %ct', `--until=${seconds}`, 'HEAD'];
  const head = await gitText({ args: log, env: { GIT_DIR: gitFolder }, timeoutSeconds: 300 }, ...failure);
  const [commit, committed] = head.split(' ');
  if (commit === undefined || committed === undefined) return [];
  const listing = await gitText(
    { args: ['ls-tree', '-r', '-z', commit, '--', ...paths], env: { GIT_DIR: gitFolder } },
    ...failure,
  );
  return listing.split('\0').flatMap((row) => {
    const [, blob, path] = /^[0-7]+ blob ([0-9a-f]+)\t(.+)$/s.exec(row) ?? [];
    if (blob === undefined || path === undefined) return [];
    return [{ commit, committedAt: secondsOf(committed), path, blob }];
  });
}

/** The bytes of these blobs, some hundred at a time, each once; E0205 beyond 512 KiB each on average. */
export async function* eachBlob(
  gitFolder: string,
  blobs: Iterable<string>,
): AsyncGenerator<readonly [string, Uint8Array]> {
  const wanted = [...new Set(blobs)];
  for (let at = 0; at < wanted.length; at += BLOBS_AT_ONCE) {
    const some = wanted.slice(at, at + BLOBS_AT_ONCE);
    yield* await readBlobs(gitFolder, new Map(some.map((blob) => [blob, BLOB_BYTES_MAX])));
  }
}

/** `commit SHA SECONDS NUL`, then `:mode mode blob blob STATUS NUL path NUL` for each (git-log(1), "--raw" with "-z"). */
function changesIn(text: string): readonly FileChange[] {
  const changes: FileChange[] = [];
  let [commit, committedAt] = ['', Temporal.Instant.fromEpochMilliseconds(0)];
  const fields = text.split('\0');
  for (let at = 0; at < fields.length; at += 1) {
    const field = (fields[at] ?? '').replace(/^\n/, '');
    const [, started, seconds] = /^commit ([0-9a-f]+) (\d+)$/.exec(field) ?? [];
    if (started !== undefined && seconds !== undefined) {
      [commit, committedAt] = [started, secondsOf(seconds)];
      continue;
    }
    const [, blob] = /^:[0-7]+ [0-7]+ [0-9a-f]+ ([0-9a-f]+) [A-Z]\d*$/.exec(field) ?? [];
    if (blob === undefined) {
      if (field === '') continue;
      throw new Failure('E0204', `git answered something else than a change: ${field.slice(0, 200)}`);
    }
    at += 1;
    changes.push({ commit, committedAt, path: fields[at] ?? '', blob: /^0+$/.test(blob) ? null : blob });
  }
  return changes;
}

function secondsOf(text: string): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(Number(text) * 1000);
}
