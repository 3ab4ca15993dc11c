import { Failure } from '../../core/failure.ts';
import { gitOrFail } from './git.ts';

/** Contents by object id, from one `cat-file --batch`; `wanted` says how large each is. */
export async function readBlobs(
  gitFolder: string,
  wanted: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  if (wanted.size === 0) return new Map();
  const sizeBytes = [...wanted.values()].reduce((sum, size) => sum + size, 0);
  const answer = await gitOrFail(
    {
      args: ['cat-file', '--batch'],
      env: { GIT_DIR: gitFolder },
      stdin: Buffer.from([...wanted.keys()].map((id) => `${id}\n`).join('')),
      outputBytesMax: sizeBytes + wanted.size * 128,
      timeoutSeconds: 300,
    },
    'E0204',
    'The files of a commit cannot be read',
  );
  return parseBatch(answer);
}

/** `id SP type SP size LF content LF`, again and again (git-cat-file(1) "BATCH OUTPUT"). */
function parseBatch(answer: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const blobs = new Map<string, Uint8Array>();
  for (let at = 0; at < answer.length; ) {
    const end = answer.indexOf(0x0a, at);
    const line = new TextDecoder().decode(answer.subarray(at, end === -1 ? answer.length : end));
    const [, id, size] = /^([0-9a-f]+) blob (\d+)$/.exec(line) ?? [];
    if (id === undefined || size === undefined) throw new Failure('E0204', `git cannot give a file: ${line}`);
    blobs.set(id, answer.subarray(end + 1, end + 1 + Number(size)));
    at = end + 1 + Number(size) + 1;
  }
  return blobs;
}
