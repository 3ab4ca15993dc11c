import { Failure } from '../../core/failure.ts';
import { gitText } from './git.ts';

export interface ObjectDates {
  readonly committedAt: Temporal.Instant;
  /** What the author says: a lower bound at best. */
  readonly authoredAt: Temporal.Instant;
  readonly taggedAt: Temporal.Instant | null;
}

/** Reads the dates that a commit and its tag carry (gitformat-signature, git-commit-tree(1) "DATE FORMATS"). */
export async function readDates(
  gitFolder: string,
  ids: { readonly objectId: string; readonly commit: string },
): Promise<ObjectDates> {
  const commit = await headerOf(gitFolder, 'commit', ids.commit);
  const tag = ids.objectId === ids.commit ? null : await headerOf(gitFolder, 'tag', ids.objectId);
  return {
    committedAt: dateOf(commit, 'committer', ids.commit),
    authoredAt: dateOf(commit, 'author', ids.commit),
    taggedAt: tag === null || !/^tagger /m.test(tag) ? null : dateOf(tag, 'tagger', ids.objectId),
  };
}

async function headerOf(gitFolder: string, type: 'commit' | 'tag', id: string): Promise<string> {
  const call = { args: ['cat-file', type, id], env: { GIT_DIR: gitFolder } };
  const text = await gitText(call, 'E0204', `The ${type} ${id} cannot be read`);
  return text.split('\n\n', 1)[0] ?? '';
}

function dateOf(header: string, who: 'author' | 'committer' | 'tagger', id: string): Temporal.Instant {
  const seconds = new RegExp(`^${who} .*> (\\d{1,11}) [+-]\\d{4}$`, 'm').exec(header)?.[1];
  if (seconds === undefined) throw new Failure('E0204', `${id} has no usable ${who} date`);
  return Temporal.Instant.fromEpochMilliseconds(Number(seconds) * 1000);
}
