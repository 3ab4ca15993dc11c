import { digestOf, parseDigest, type Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import { keepAnswer } from '../../formats/http/kept-answer.ts';
import { manifestBytesMax } from '../../formats/oci/manifest-shape.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import { agrees } from './blob-transfer.ts';
import type { Connection } from './connection.ts';
import { parseHttpDate } from '../../formats/http/http-date.ts';

/** Manifests to and from one registry, by tag or digest. */
export interface ManifestTransfer {
  /** Says whether the registry lists referrers itself (`OCI-Subject`, distribution-spec 1.1). */
  put(repository: string, reference: string, manifest: SentManifest): Promise<{ readonly listsReferrers: boolean }>;
  get(repository: string, reference: string): Promise<PulledManifest | undefined>;
  has(repository: string, digest: Digest): Promise<boolean>;
  remove(repository: string, digest: Digest): Promise<void>;
}

export interface SentManifest {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface PulledManifest extends SentManifest {
  readonly digest: Digest;
  /** The registry's own clock. */
  readonly date: Temporal.Instant;
  /** The whole answer as it is kept as evidence (formats/http/kept-answer.ts). */
  readonly answer: Uint8Array;
}

const SAID_BYTES_MAX = 64 * 1024;
const ACCEPT = [
  mediaTypes.index,
  mediaTypes.manifest,
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

export function manifestTransfer(connection: Connection): ManifestTransfer {
  return {
    async put(repository, reference, manifest) {
      const answer = await connection.send({
        method: 'PUT',
        to: `/v2/${repository}/manifests/${reference}`,
        repository,
        doing: `take ${nameOf(repository, reference)}`,
        headers: { 'content-type': manifest.mediaType },
        body: manifest.bytes,
        expect: [201],
        answerBytesMax: SAID_BYTES_MAX,
      });
      agrees(connection, answer, digestOf(manifest.bytes));
      return { listsReferrers: answer.headers['oci-subject'] !== undefined };
    },

    async get(repository, reference) {
      const sending = connection.send({
        method: 'GET',
        to: `/v2/${repository}/manifests/${reference}`,
        repository,
        doing: `give ${nameOf(repository, reference)}`,
        headers: { accept: ACCEPT },
        expect: [200, 404],
        answerBytesMax: manifestBytesMax,
      });
      const answer = await sending.catch((error: unknown) => {
        throw tooLarge(error, connection, nameOf(repository, reference));
      });
      if (answer.status === 404) return undefined;
      const digest = digestOf(answer.body);
      agrees(connection, answer, digest);
      const asked = parseDigest(reference);
      if (asked !== undefined && asked !== digest) {
        throw new Failure('E0603', `Registry ${connection.host} sent other bytes than ${asked}`, {
          at: nameOf(repository, reference),
          why: `they have the digest ${digest}`,
        });
      }
      return {
        digest,
        mediaType: answer.headers['content-type']?.split(';')[0]?.trim() ?? '',
        bytes: answer.body,
        date: dateOf(connection, answer.headers.date),
        answer: keepAnswer(answer),
      };
    },

    async has(repository, digest) {
      const answer = await connection.send({
        method: 'HEAD',
        to: `/v2/${repository}/manifests/${digest}`,
        repository,
        doing: `look for ${nameOf(repository, digest)}`,
        headers: { accept: ACCEPT },
        expect: [200, 404],
        answerBytesMax: SAID_BYTES_MAX,
      });
      return answer.status === 200;
    },

    async remove(repository, digest) {
      await connection.send({
        method: 'DELETE',
        to: `/v2/${repository}/manifests/${digest}`,
        repository,
        doing: `remove ${nameOf(repository, digest)}`,
        expect: [200, 202, 404],
        answerBytesMax: SAID_BYTES_MAX,
      });
    },
  };
}

function tooLarge(error: unknown, { host }: Connection, at: string): unknown {
  if (!(error instanceof Failure) || error.code !== 'E0205') return error;
  return new Failure('E0205', `Registry ${host} sent a manifest of more than ${manifestBytesMax} bytes`, {
    at,
    why: 'no registry has to take a larger one (distribution-spec, "Pushing Manifests")',
    kept: 'nothing of it was used',
    cause: error,
  });
}

function nameOf(repository: string, reference: string): string {
  return `${repository}${reference.includes(':') ? '@' : ':'}${reference}`;
}

function dateOf(connection: Connection, header: string | undefined): Temporal.Instant {
  const date = header === undefined ? undefined : parseHttpDate(header);
  if (date === undefined) {
    throw new Failure('E0603', `Registry ${connection.host} does not say what time it is`, {
      why: 'A deadline is judged by the Date that the registry sends (RFC 9110 section 6.6.1).',
    });
  }
  return date;
}
