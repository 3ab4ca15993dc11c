import type { Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import { referrersIndex, type Referrer } from '../../formats/oci/artifact-manifest.ts';
import { manifestBytesMax, parseManifestShape } from '../../formats/oci/manifest-shape.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import type { Connection } from './connection.ts';
import type { ManifestTransfer } from './manifest-transfer.ts';

/** What is attached to a digest: by the referrers API, or by the tag that stands in for it. */
export interface Referrers {
  list(repository: string, subject: Digest): Promise<readonly Referrer[]>;
  /** Writes the stand-in tag for a registry that lists nothing itself. */
  record(repository: string, subject: Digest, added: Referrer): Promise<void>;
  forget(repository: string, subject: Digest, removed: Digest): Promise<void>;
}

const PAGES_MAX = 50;
const REWRITES_MAX = 3;

export function referrersOf(connection: Connection, manifests: ManifestTransfer): Referrers {
  const locks = new Map<string, Promise<unknown>>();
  return {
    async list(repository, subject) {
      return (await byApi(connection, repository, subject)) ?? (await byTag(manifests, repository, subject)) ?? [];
    },
    record: (repository, subject, added) =>
      locked(locks, `${repository} ${subject}`, () => addToTag(manifests, repository, subject, added)),
    forget: (repository, subject, removed) =>
      locked(locks, `${repository} ${subject}`, async () => {
        const entries = await byTag(manifests, repository, subject);
        const rest = entries?.filter((entry) => entry.digest !== removed);
        if (rest === undefined || rest.length === entries?.length) return;
        await rewrite(manifests, repository, subject, rest);
      }),
  };
}

async function byApi(
  connection: Connection,
  repository: string,
  subject: Digest,
): Promise<readonly Referrer[] | undefined> {
  const found: Referrer[] = [];
  let to: string | URL = `/v2/${repository}/referrers/${subject}`;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const answer = await connection.send({
      method: 'GET',
      to,
      repository,
      doing: `list what refers to ${repository}@${subject}`,
      headers: { accept: mediaTypes.index },
      expect: [200, 404],
      answerBytesMax: manifestBytesMax,
    });
    if (answer.status === 404) return undefined;
    found.push(...entriesOf(answer.body));
    const next = /<([^>]+)>;\s*rel="?next"?/.exec(String(answer.headers['link'] ?? ''))?.[1];
    if (next === undefined) return found;
    to = connection.locationOf({ ...answer, headers: { location: next } });
  }
  throw new Failure('E0205', `More than ${PAGES_MAX} pages refer to ${repository}@${subject}`);
}

/** distribution-spec "Referrers Tag Schema": `sha256-<hex>` holds an index. */
async function byTag(
  manifests: ManifestTransfer,
  repository: string,
  subject: Digest,
): Promise<readonly Referrer[] | undefined> {
  const index = await manifests.get(repository, fallbackTag(subject));
  return index === undefined ? undefined : entriesOf(index.bytes);
}

/** Another process may write the same tag meanwhile: ours is looked for afterwards and written again when it is gone. */
async function addToTag(
  manifests: ManifestTransfer,
  repository: string,
  subject: Digest,
  added: Referrer,
): Promise<void> {
  for (let attempt = 0; attempt < REWRITES_MAX; attempt += 1) {
    const entries = (await byTag(manifests, repository, subject)) ?? [];
    if (entries.some((entry) => entry.digest === added.digest)) return;
    await rewrite(manifests, repository, subject, [...entries, added]);
  }
  const entries = (await byTag(manifests, repository, subject)) ?? [];
  if (entries.some((entry) => entry.digest === added.digest)) return;
  throw new Failure('E0603', `Others keep rewriting what refers to ${repository}@${subject}`, { retryable: true });
}

/** Registries refuse an index that names a manifest which is gone, so such entries are left out. */
async function rewrite(
  manifests: ManifestTransfer,
  repository: string,
  subject: Digest,
  entries: readonly Referrer[],
): Promise<void> {
  const there = await Promise.all(entries.map((entry) => manifests.has(repository, entry.digest)));
  const bytes = referrersIndex(entries.filter((_, index) => there[index]));
  await manifests.put(repository, fallbackTag(subject), { mediaType: mediaTypes.index, bytes });
}

function entriesOf(bytes: Uint8Array): readonly Referrer[] {
  return parseManifestShape(bytes, null).manifests.map((entry) => ({
    mediaType: entry.mediaType,
    digest: entry.digest,
    sizeBytes: entry.sizeBytes,
    artifactType: entry.artifactType ?? '',
    annotations: entry.annotations,
  }));
}

function fallbackTag(subject: Digest): string {
  return subject.replace(':', '-');
}

async function locked<T>(locks: Map<string, Promise<unknown>>, key: string, work: () => Promise<T>): Promise<T> {
  const before = locks.get(key) ?? Promise.resolve();
  const running = before.catch(() => undefined).then(work);
  locks.set(key, running);
  try {
    return await running;
  } finally {
    if (locks.get(key) === running) locks.delete(key);
  }
}
