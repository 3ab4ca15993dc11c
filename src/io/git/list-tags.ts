import { Failure } from '../../core/failure.ts';
import { gitText } from './git.ts';
import type { GitProtocol } from './git.ts';
import { allowedProtocols, checkAddress } from './repository-address.ts';

export interface RemoteTag {
  /** Without `refs/tags/`. */
  readonly name: string;
  /** What the tag's ref points at: a tag object, or the commit itself. */
  readonly objectId: string;
  /** The same after peeling. */
  readonly commit: string;
}

export interface ListedTags {
  readonly tags: readonly RemoteTag[];
  /** What `ls-remote` printed. */
  readonly answer: Uint8Array;
}

/**
 * All tags of a repository, by name, from one `ls-remote`; needs no token anywhere. E0203 when it cannot be reached,
 * E0205 beyond 32 MiB of answer, E0206 for an address that is not allowed.
 */
export async function listTags(
  repository: string,
  protocols: readonly GitProtocol[] = ['https', 'file'],
): Promise<ListedTags> {
  checkAddress(repository, protocols);
  const text = await gitText(
    {
      args: ['ls-remote', '--tags', '--', repository],
      env: allowedProtocols(protocols),
      outputBytesMax: 32 * 1024 ** 2,
    },
    'E0203',
    `The tags of ${repository} cannot be read`,
    {
      at: repository,
      kept: 'the releases seen before stay as they are',
      hint: 'look whether the repository moved; it is asked again after a pause',
    },
  );
  return { tags: parseTags(text, repository), answer: Buffer.from(`${text}\n`) };
}

function parseTags(text: string, repository: string): readonly RemoteTag[] {
  const tags = new Map<string, { objectId: string; commit: string }>();
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, id, name, peeled] = /^([0-9a-f]{40,64})\trefs\/tags\/(.+?)(\^\{\})?$/.exec(line) ?? [];
    if (id === undefined || name === undefined) {
      throw new Failure('E0204', `${repository} sent a tag that cannot be read`, { at: line.slice(0, 200) });
    }
    tags.set(name, { objectId: peeled === undefined ? id : (tags.get(name)?.objectId ?? id), commit: id });
  }
  return [...tags].map(([name, ids]) => ({ name, ...ids })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
