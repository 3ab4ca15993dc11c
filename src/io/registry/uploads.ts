import type { IncomingMessage } from 'node:http';
import { open, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { digestOf, parseDigest, type Digest } from '../../core/digest.ts';
import { crashPoint } from '../crash-point.ts';
import { appendBody, digestSoFar, growing, readBody, type Growing } from './body.ts';
import { type Disk } from './disk.ts';
import { empty, refusal, type Reply } from './reply.ts';

/** Uploads under way: POST, PATCH, PUT, GET and DELETE of distribution-spec "Pushing blobs". */
export interface Uploads {
  begin(name: string, query: URLSearchParams, request: IncomingMessage): Promise<Reply>;
  append(name: string, id: string, request: IncomingMessage): Promise<Reply>;
  finish(name: string, id: string, query: URLSearchParams, request: IncomingMessage): Promise<Reply>;
  status(name: string, id: string): Reply;
  cancel(name: string, id: string): Promise<Reply>;
}

export interface UploadLimits {
  readonly blobBytesMax: number;
  /** Open sessions at once; when all are taken, one that was idle for `idleSeconds` makes room. */
  readonly sessionsMax: number;
  readonly idleSeconds: number;
}

/** Up to here a blob passes through memory: it is one write then, not a stream. */
const AT_ONCE_BYTES_MAX = 1024 * 1024;

interface Session {
  readonly name: string;
  readonly path: string;
  readonly state: Growing;
  busy: boolean;
  touchedAt: Temporal.Instant;
}

/** Sessions live in memory and their bytes aside: a restart ends them and clients begin again. */
export function uploadSessions(disk: Disk, clock: () => Temporal.Instant, limits: UploadLimits): Uploads {
  const sessions = new Map<string, Session>();

  return {
    async begin(name, query, request) {
      const mounted = parseDigest(query.get('mount') ?? '');
      // Blobs are shared by all repositories, so mounting is finding.
      if (mounted !== undefined && (await disk.kept(disk.blobPath(mounted))) !== undefined)
        return created(name, mounted);
      if (query.has('digest')) return monolithic(name, query.get('digest') ?? '', request);

      await makeRoom();
      if (sessions.size >= limits.sessionsMax) return refusal(429, 'TOOMANYREQUESTS', 'Too many uploads are open');
      const path = disk.asidePath();
      await (await open(path, 'wx', 0o600)).close();
      const id = basename(path);
      sessions.set(id, { name, path, state: growing(), busy: false, touchedAt: clock() });
      return progress(202, name, id, 0);
    },

    append(name, id, request) {
      return withSession(name, id, async (session) => {
        if (!continues(request, session)) return outOfOrder(name, id, session);
        await take(session, request);
        return progress(202, name, id, session.state.sizeBytes);
      });
    },

    finish(name, id, query, request) {
      return withSession(name, id, async (session) => {
        const digest = parseDigest(query.get('digest') ?? '');
        if (digest === undefined) return refusal(400, 'DIGEST_INVALID', 'The digest parameter is not a sha256 digest');
        if (!continues(request, session)) return outOfOrder(name, id, session);
        await take(session, request);
        sessions.delete(id);
        return keep(name, session.path, session.state, digest);
      });
    },

    status(name, id) {
      const session = sessions.get(id);
      return session?.name === name ? progress(204, name, id, session.state.sizeBytes) : unknown(id);
    },

    cancel(name, id) {
      return withSession(name, id, async (session) => {
        sessions.delete(id);
        await rm(session.path, { force: true });
        return empty(204);
      });
    },
  };

  async function monolithic(name: string, asked: string, request: IncomingMessage): Promise<Reply> {
    const digest = parseDigest(asked);
    if (digest === undefined) return refusal(400, 'DIGEST_INVALID', 'The digest parameter is not a sha256 digest');
    if (Number(request.headers['content-length'] ?? Infinity) <= AT_ONCE_BYTES_MAX) {
      return small(name, digest, await readBody(request, Math.min(AT_ONCE_BYTES_MAX, limits.blobBytesMax)));
    }
    const path = disk.asidePath();
    const state = growing();
    try {
      const file = await open(path, 'wx', 0o600);
      try {
        await appendBody(request, file, state, limits.blobBytesMax);
      } finally {
        await file.close();
      }
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return keep(name, path, state, digest);
  }

  async function small(name: string, digest: Digest, bytes: Uint8Array): Promise<Reply> {
    const found = digestOf(bytes);
    if (found !== digest) return otherDigest(found, digest);
    const path = disk.blobPath(digest);
    if ((await disk.kept(path)) === undefined) await disk.write(path, bytes, 'blob stored');
    return created(name, digest);
  }

  async function take(session: Session, request: IncomingMessage): Promise<void> {
    const file = await open(session.path, 'r+');
    try {
      await appendBody(request, file, session.state, limits.blobBytesMax);
    } finally {
      await file.close();
    }
  }

  /** Gives whole bytes their name, once they are what they were said to be. */
  async function keep(name: string, path: string, state: Growing, digest: Digest): Promise<Reply> {
    const found = digestSoFar(state);
    if (found !== digest) {
      await rm(path, { force: true });
      return otherDigest(found, digest);
    }
    if ((await disk.kept(disk.blobPath(digest))) === undefined) {
      const file = await open(path, 'r+');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
      crashPoint('blob written aside');
      await disk.place(path, disk.blobPath(digest), 'blob stored');
    } else {
      await rm(path, { force: true });
    }
    return created(name, digest);
  }

  async function withSession(name: string, id: string, use: (session: Session) => Promise<Reply>): Promise<Reply> {
    const session = sessions.get(id);
    if (session?.name !== name) return unknown(id);
    if (session.busy) return refusal(400, 'BLOB_UPLOAD_INVALID', 'Another request is writing to this upload');
    session.busy = true;
    try {
      return await use(session);
    } finally {
      session.busy = false;
      session.touchedAt = clock();
    }
  }

  async function makeRoom(): Promise<void> {
    if (sessions.size < limits.sessionsMax) return;
    const idleSince = clock().subtract({ seconds: limits.idleSeconds });
    for (const [id, session] of sessions) {
      if (session.busy || Temporal.Instant.compare(session.touchedAt, idleSince) > 0) continue;
      sessions.delete(id);
      await rm(session.path, { force: true });
    }
  }
}

/** Chunks come in order; one without Content-Range is taken as the next (distribution-spec "Pushing a blob in chunks"). */
function continues(request: IncomingMessage, session: Session): boolean {
  const range = request.headers['content-range'];
  if (range === undefined) return true;
  const match = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/\S+)?$/.exec(range);
  return match !== null && Number(match[1]) === session.state.sizeBytes;
}

function outOfOrder(name: string, id: string, session: Session): Reply {
  return { ...progress(416, name, id, session.state.sizeBytes) };
}

function progress(status: number, name: string, id: string, sizeBytes: number): Reply {
  return empty(status, {
    location: `/v2/${name}/blobs/uploads/${id}`,
    'docker-upload-uuid': id,
    range: `0-${Math.max(0, sizeBytes - 1)}`,
  });
}

function created(name: string, digest: Digest): Reply {
  return empty(201, { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest });
}

function otherDigest(found: Digest, asked: Digest): Reply {
  return refusal(400, 'DIGEST_INVALID', `The bytes have the digest ${found}, not ${asked}`);
}

function unknown(id: string): Reply {
  return refusal(404, 'BLOB_UPLOAD_UNKNOWN', `No upload ${id} is open here`);
}
