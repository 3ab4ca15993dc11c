import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { digestOf } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import { manifestBytesMax } from '../../formats/oci/manifest-shape.ts';
import { readBlob } from './blobs.ts';
import { readBody } from './body.ts';
import { listRepositories } from './catalog.ts';
import { deleteBlob } from './delete-blob.ts';
import { openDisk, type Disk } from './disk.ts';
import { gate, type Gate } from './gate.ts';
import { httpDate } from '../../formats/http/http-date.ts';
import { deleteManifest, readManifest, writeManifest } from './manifests.ts';
import { listReferrers } from './referrers.ts';
import { json, refusal, type FileSlice, type Reply } from './reply.ts';
import { routeOf, type Reference, type Route } from './route.ts';
import { listTags } from './tags.ts';
import { uploadSessions, type UploadLimits, type Uploads } from './uploads.ts';

export interface RegistryServerOptions {
  /** Made when it is not there; one process at a time. */
  readonly folder: string;
  /** Its instants are sent as `Date`: the clock that deadlines are measured by. */
  readonly clock: () => Temporal.Instant;
  readonly limits?: Partial<UploadLimits>;
}

/**
 * Our own OCI registry (distribution-spec 1.1, referrers included) as a handler for `node:http`. It has no users and
 * no passwords, so it answers this machine only, and no web page: requests from elsewhere or with an Origin are denied.
 */
export async function registryServer(options: RegistryServerOptions): Promise<RequestListener> {
  const disk = await openDisk(options.folder);
  const limits = { blobBytesMax: 8 * 1024 ** 3, sessionsMax: 256, idleSeconds: 3600, ...options.limits };
  const here: Here = { disk, uploads: uploadSessions(disk, options.clock, limits), gate: gate() };
  const served = digestOf(options.folder);
  return (request, response) => {
    response.sendDate = false;
    response.setHeader('date', httpDate(options.clock()));
    response.setHeader('docker-distribution-api-version', 'registry/2.0');
    response.setHeader('suture-registry', served);
    answer(here, request)
      .then((reply) => send(request, response, reply))
      .catch(() => response.destroy());
  };
}

interface Here {
  readonly disk: Disk;
  readonly uploads: Uploads;
  readonly gate: Gate;
}

async function answer(here: Here, request: IncomingMessage): Promise<Reply> {
  if (!fromThisMachine(request)) return refusal(403, 'DENIED', 'This registry serves its own machine only');
  try {
    const url = new URL(request.url ?? '/', 'http://registry');
    return await dispatch(here, routeOf(url.pathname), url.searchParams, request);
  } catch (error) {
    if (request.destroyed && !request.complete) throw error;
    return troubleReply(error);
  }
}

async function dispatch(here: Here, route: Route, query: URLSearchParams, request: IncomingMessage): Promise<Reply> {
  const { disk, uploads } = here;
  // GET answers HEAD too; `send` leaves the body out.
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
  switch (route.kind) {
    case 'base':
      return method === 'GET' ? json(200, {}) : notAllowed();
    case 'catalog':
      return method === 'GET' ? listRepositories(disk, query) : notAllowed();
    case 'tags':
      return method === 'GET' ? listTags(disk, route.name, query) : notAllowed();
    case 'referrers':
      return method === 'GET' ? listReferrers(disk, route.name, route.digest, query) : notAllowed();
    case 'blob':
      if (method === 'GET') return readBlob(disk, route.digest, request.headers.range);
      return method === 'DELETE' ? here.gate.alone(() => deleteBlob(disk, route.digest)) : notAllowed();
    case 'manifest':
      if (method === 'GET') return readManifest(disk, route.name, route.reference);
      if (method === 'PUT') return putManifest(here, route.name, route.reference, request);
      return method === 'DELETE' ? deleteManifest(disk, route.name, route.reference) : notAllowed();
    case 'uploads':
      return method === 'POST' ? uploads.begin(route.name, query, request) : notAllowed();
    case 'upload':
      return upload(uploads, route.name, route.id, method, query, request);
    case 'refused':
      return refusal(400, route.code, route.why);
    case 'none':
      return refusal(404, 'UNSUPPORTED', 'Nothing lies at this address');
  }
}

/** The body is read outside the gate: a slow sender holds up nobody else. */
async function putManifest(here: Here, name: string, reference: Reference, request: IncomingMessage): Promise<Reply> {
  const bytes = await readBody(request, manifestBytesMax);
  const sentAs = request.headers['content-type']?.split(';')[0]?.trim() ?? null;
  return here.gate.shared(() => writeManifest(here.disk, name, reference, { bytes, sentAs }));
}

async function upload(
  uploads: Uploads,
  name: string,
  id: string,
  method: string,
  query: URLSearchParams,
  request: IncomingMessage,
): Promise<Reply> {
  switch (method) {
    case 'GET':
      return uploads.status(name, id);
    case 'PATCH':
      return uploads.append(name, id, request);
    case 'PUT':
      return uploads.finish(name, id, query, request);
    case 'DELETE':
      return uploads.cancel(name, id);
    default:
      return notAllowed();
  }
}

function notAllowed(): Reply {
  return refusal(405, 'UNSUPPORTED', 'Not a method of this address');
}

/**
 * The socket must be local, and so must the name that was called: a web page whose name was rebound to this machine
 * still sends its own. Clients of registries never send an Origin.
 */
function fromThisMachine(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress ?? '';
  if (!/^(?:::ffff:)?127\.|^::1$/.test(address) || request.headers.origin !== undefined) return false;
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/.test(request.headers.host ?? '');
}

function troubleReply(error: unknown): Reply {
  if (error instanceof Failure && error.code === 'E0205') return refusal(413, 'SIZE_INVALID', error.message);
  return refusal(500, 'UNSUPPORTED', 'The registry could not do this');
}

async function send(request: IncomingMessage, response: ServerResponse, reply: Reply): Promise<void> {
  // A body that nobody read would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close');
  response.writeHead(reply.status, { ...reply.headers });
  if (request.method === 'HEAD' || reply.body === undefined) {
    response.end();
  } else if (reply.body instanceof Uint8Array) {
    response.end(reply.body);
  } else {
    await sendFile(response, reply.body);
  }
}

/** Small files go out in one piece; a stream costs more than reading them. */
async function sendFile(response: ServerResponse, { path, start, end }: FileSlice): Promise<void> {
  const length = end - start + 1;
  if (length > AT_ONCE_BYTES_MAX) return pipeline(createReadStream(path, { start, end }), response);
  const bytes = Buffer.allocUnsafe(length);
  const file = openSync(path, 'r');
  try {
    const read = readSync(file, bytes, 0, length, start);
    if (read === length) response.end(bytes);
    else response.destroy();
  } finally {
    closeSync(file);
  }
}

const AT_ONCE_BYTES_MAX = 256 * 1024;
