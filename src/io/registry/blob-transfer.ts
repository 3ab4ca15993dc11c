import { createHash } from 'node:crypto';
import { digestOf, type Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import type { BlobRef } from '../../factory/image/image.ts';
import type { Connection } from './connection.ts';
import type { Answer, TakeBody } from './http-exchange.ts';

/** Blobs to and from one registry: what is there is not sent again, what comes is checked. */
export interface BlobTransfer {
  /** Uploads the blob unless the repository has it; `bytes` is asked only then. */
  ensure(
    repository: string,
    blob: Pick<BlobRef, 'digest' | 'sizeBytes'>,
    bytes: () => Promise<Uint8Array>,
  ): Promise<void>;
  /** Uploads a document that was made just now: a small one is sent without asking whether it is there. */
  deliver(repository: string, bytes: Uint8Array): Promise<void>;
  pull(repository: string, blob: BlobRef): Promise<Uint8Array>;
  /** The same for what is too large for memory; `take` gets bytes before they were compared with the digest. */
  stream(repository: string, blob: BlobRef, take: TakeBody): Promise<void>;
}

/** Up to here a blob goes along with the first request; a registry that does not take it that way gets it again. */
const ONE_REQUEST_BYTES_MAX = 256 * 1024;
const REMEMBERED_MAX = 200_000;
const SAID_BYTES_MAX = 64 * 1024;

export function blobTransfer(connection: Connection): BlobTransfer {
  /** Where a blob is known to be: one repository is enough, the others mount it from there. */
  const knownIn = new Map<Digest, Set<string>>();

  return {
    async ensure(repository, blob, bytes) {
      const places = knownIn.get(blob.digest);
      if (places?.has(repository) === true) return;
      const from = places?.values().next().value;
      if (from === undefined && (await isThere(connection, repository, blob))) return remember(blob.digest, repository);
      await store(repository, { ...blob, from, bytes: once(bytes) });
    },
    async deliver(repository, bytes) {
      const blob = { digest: digestOf(bytes), sizeBytes: bytes.length };
      if (knownIn.get(blob.digest)?.has(repository) === true) return;
      const whole = () => Promise.resolve(bytes);
      if (bytes.length > ONE_REQUEST_BYTES_MAX) await this.ensure(repository, blob, whole);
      else await store(repository, { ...blob, from: undefined, bytes: whole });
    },
    async pull(repository, blob) {
      const bytes = await pullBytes(connection, { repository, blob });
      comparePulled(connection, { repository, blob, sent: { sizeBytes: bytes.length, digest: digestOf(bytes) } });
      return bytes;
    },
    async stream(repository, blob, take) {
      let sent = { sizeBytes: 0, digest: '' };
      await pullBytes(connection, { repository, blob, take: (chunks) => take(counted(chunks, (all) => (sent = all))) });
      comparePulled(connection, { repository, blob, sent });
    },
  };

  async function store(repository: string, blob: Upload): Promise<void> {
    await connection.again(() => upload(connection, repository, blob));
    remember(blob.digest, repository);
  }

  function remember(digest: Digest, repository: string): void {
    if (knownIn.size >= REMEMBERED_MAX) knownIn.clear();
    const places = knownIn.get(digest) ?? new Set();
    places.add(repository);
    knownIn.set(digest, places);
  }
}

async function isThere(
  connection: Connection,
  repository: string,
  blob: Pick<BlobRef, 'digest' | 'sizeBytes'>,
): Promise<boolean> {
  const answer = await connection.send({
    method: 'HEAD',
    to: `/v2/${repository}/blobs/${blob.digest}`,
    repository,
    doing: `look for ${blob.digest} in ${repository}`,
    expect: [200, 404],
    answerBytesMax: SAID_BYTES_MAX,
  });
  if (answer.status === 404) return false;
  agrees(connection, answer, blob.digest);
  const announced = answer.headers['content-length'];
  if (announced !== undefined && announced !== String(blob.sizeBytes)) {
    throw new Failure('E0603', `Registry ${connection.host} has ${blob.digest} with ${announced} bytes`, {
      at: `${repository}@${blob.digest}`,
      why: `it has ${blob.sizeBytes} bytes here`,
    });
  }
  return true;
}

interface Upload {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly from: string | undefined;
  readonly bytes: () => Promise<Uint8Array>;
}

/** Mount, or one POST, or POST and PUT: each step that the registry does not know leads to the next. */
async function upload(connection: Connection, repository: string, blob: Upload): Promise<void> {
  const call = {
    repository,
    doing: `take ${blob.digest} into ${repository}`,
    answerBytesMax: SAID_BYTES_MAX,
    once: true,
  };
  const along = blob.from === undefined && blob.sizeBytes <= ONE_REQUEST_BYTES_MAX;
  const query =
    blob.from === undefined
      ? along
        ? `?digest=${blob.digest}`
        : ''
      : `?mount=${blob.digest}&from=${encodeURIComponent(blob.from)}`;
  const begun = await connection.send({
    ...call,
    method: 'POST',
    to: `/v2/${repository}/blobs/uploads/${query}`,
    expect: [201, 202],
    ...(along ? { body: await blob.bytes(), headers: octets } : {}),
  });
  if (begun.status === 201) return agrees(connection, begun, blob.digest);

  const to = connection.locationOf(begun);
  to.searchParams.set('digest', blob.digest);
  const done = await connection.send({
    ...call,
    method: 'PUT',
    to,
    expect: [201, 404],
    body: await blob.bytes(),
    headers: octets,
  });
  if (done.status === 404) {
    const sentence = `Registry ${connection.host} forgot an upload into ${repository} while it was under way`;
    throw new Failure('E0601', sentence, { retryable: true });
  }
  agrees(connection, done, blob.digest);
}

const octets = { 'content-type': 'application/octet-stream' };

interface Pull {
  readonly repository: string;
  readonly blob: BlobRef;
  readonly take?: TakeBody;
}

interface Sent {
  readonly sizeBytes: number;
  readonly digest: string;
}

async function* counted(chunks: AsyncIterable<Uint8Array>, told: (all: Sent) => void): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    sizeBytes += chunk.length;
    yield chunk;
  }
  told({ sizeBytes, digest: `sha256:${hash.digest('hex')}` });
}

function comparePulled(
  { host }: Connection,
  { repository, blob, sent }: Pick<Pull, 'repository' | 'blob'> & { readonly sent: Sent },
): void {
  if (sent.sizeBytes === blob.sizeBytes && sent.digest === blob.digest) return;
  throw new Failure('E0603', `Registry ${host} sent other bytes than ${blob.digest}`, {
    at: `${repository}@${blob.digest}`,
    why: `it sent ${sent.sizeBytes} bytes with the digest ${sent.digest}, asked were ${blob.sizeBytes} bytes`,
    kept: 'nothing of it was used',
    hint: 'ask who runs the registry: what it keeps was changed or damaged',
  });
}

async function pullBytes(connection: Connection, { repository, blob, take }: Pull): Promise<Uint8Array> {
  try {
    const answer = await connection.send({
      method: 'GET',
      to: `/v2/${repository}/blobs/${blob.digest}`,
      repository,
      doing: `give ${blob.digest} of ${repository}`,
      expect: [200],
      answerBytesMax: blob.sizeBytes,
      ...(take === undefined ? {} : { take }),
    });
    return answer.body;
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'E0205') throw error;
    throw new Failure(
      'E0603',
      `Registry ${connection.host} sent more than the ${blob.sizeBytes} bytes of ${blob.digest}`,
      {
        at: `${repository}@${blob.digest}`,
        kept: 'nothing of it was used',
        cause: error,
      },
    );
  }
}

/** What a registry calls the bytes must be what they are. */
export function agrees(connection: Connection, answer: Answer, digest: Digest): void {
  const said = answer.headers['docker-content-digest'];
  if (said === undefined || said === digest) return;
  throw new Failure('E0603', `Registry ${connection.host} calls ${digest} by another digest`, {
    at: `${connection.host} ${digest}`,
    why: `it answered ${String(said).slice(0, 100)}`,
    hint: 'ask who runs the registry; nothing that it gives is believed unchecked',
  });
}

function once(bytes: () => Promise<Uint8Array>): () => Promise<Uint8Array> {
  let read: Promise<Uint8Array> | undefined;
  return () => (read ??= bytes());
}
