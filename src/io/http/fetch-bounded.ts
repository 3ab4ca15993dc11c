import { request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Failure } from '../../core/failure.ts';
import { checkUrl, guardedLookup, type Reach, reachFrom } from './allowed-address.ts';

export interface FetchBounds {
  readonly reach: Reach;
  /** Of the body; one byte more is a Failure. */
  readonly bytesMax: number;
  /** For the whole of one attempt, redirects and body included. */
  readonly timeoutSeconds: number;
  /** The first one counts: 1 never tries again. */
  readonly attempts: number;
}

export interface FetchDeps {
  /** Between 0 and 1; spreads repeated attempts. */
  chance(): number;
  wait(milliseconds: number): Promise<void>;
}

/** What a server said to recognise an answer by (RFC 9110 section 13.1). */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export type Fetched =
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'body';
      readonly bytes: Uint8Array;
      /** Where it came from in the end. */
      readonly url: string;
      readonly validators: Validators;
    };

const REDIRECTS_MAX = 5;
const WAIT_MS_MAX = 60_000;

/**
 * GET with every bound that something from outside needs: bytes, seconds, redirects, attempts, and where it may go,
 * judged anew at each redirect. With validators of an earlier answer it may come back as unchanged. Throws Failure
 * E0201 (unreachable or refused), E0205 (too large), E0206 (address not allowed).
 */
export async function fetchBounded(
  url: string,
  known: Validators | undefined,
  options: FetchBounds & FetchDeps,
): Promise<Fetched> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetchOnce(url, known, options);
    } catch (error) {
      const failure = asFailure(url, error);
      if (failure.detail.retryable !== true || attempt >= options.attempts) throw failure;
      await options.wait(pauseMs(attempt, error, options.chance()));
    }
  }
}

/** A second, doubled with each attempt, spread over half to the whole of it; or what the server asks for, within reason. */
function pauseMs(attempt: number, error: unknown, chance: number): number {
  if (error instanceof BusyError && error.afterMs !== null) return Math.min(error.afterMs, WAIT_MS_MAX);
  return Math.min(1000 * 2 ** (attempt - 1), WAIT_MS_MAX) * (0.5 + chance / 2);
}

/** A status that may be another one later; with the server's own wish when to ask again. */
class BusyError extends Error {
  readonly afterMs: number | null;

  constructor(status: number, afterMs: number | null) {
    super(`HTTP ${status}`);
    this.afterMs = afterMs;
  }
}

function asFailure(url: string, error: unknown): Failure {
  const known = error instanceof Error && error.cause instanceof Failure ? error.cause : error;
  if (known instanceof Failure) return known;
  return new Failure('E0201', `${url} cannot be reached`, {
    at: url,
    why: whyOf(error),
    kept: 'what was read from it before stays in force',
    hint: 'it is asked again at a later tick',
    retryable: true,
    cause: error,
  });
}

/** Node calls an answer that broke off `aborted` (its code is the one of a reset connection). */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === 'aborted' ? 'the connection broke off in the middle of the answer' : error.message;
}

async function fetchOnce(url: string, known: Validators | undefined, bounds: FetchBounds): Promise<Fetched> {
  const signal = AbortSignal.timeout(bounds.timeoutSeconds * 1000);
  try {
    return await followed(url, known, { ...bounds, signal });
  } catch (error) {
    // Whatever it was doing then, this is what ended it.
    if (signal.aborted) throw new Error(`it did not end within ${bounds.timeoutSeconds} s`, { cause: error });
    throw error;
  }
}

async function followed(
  url: string,
  known: Validators | undefined,
  bounds: FetchBounds & { readonly signal: AbortSignal },
): Promise<Fetched> {
  let at = checkUrl(url, bounds.reach);
  const reach = reachFrom(at, bounds.reach);
  for (let redirects = 0; ; redirects += 1) {
    const response = await get(at, known, reach, bounds.signal);
    const next = redirectTarget(response, at);
    if (next === undefined) return await answerOf(response, at.href, bounds);
    response.destroy();
    if (redirects === REDIRECTS_MAX) throw refusal(url, `it redirects more than ${REDIRECTS_MAX} times`);
    at = checkUrl(next, reach);
  }
}

function get(url: URL, known: Validators | undefined, reach: Reach, signal: AbortSignal): Promise<IncomingMessage> {
  const headers = {
    'user-agent': 'suture',
    accept: '*/*',
    'accept-encoding': 'identity',
    ...conditions(known),
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const sent = send(url, { headers, signal, agent: false, lookup: guardedLookup(reach), maxHeaderSize: 32 * 1024 });
    sent.once('response', resolve);
    sent.once('error', reject);
    sent.end();
  });
}

function conditions(known: Validators | undefined): Readonly<Record<string, string>> {
  const { etag = null, lastModified = null } = known ?? {};
  return {
    ...(etag !== null && { 'if-none-match': etag }),
    ...(lastModified !== null && { 'if-modified-since': lastModified }),
  };
}

function redirectTarget(response: IncomingMessage, from: URL): string | undefined {
  const { statusCode = 0 } = response;
  const { location } = response.headers;
  if (![301, 302, 303, 307, 308].includes(statusCode) || location === undefined) return undefined;
  return URL.canParse(location, from) ? new URL(location, from).href : location;
}

async function answerOf(response: IncomingMessage, url: string, bounds: FetchBounds): Promise<Fetched> {
  const { statusCode = 0, headers } = response;
  if (statusCode !== 200) response.destroy();
  if (statusCode === 304) return { kind: 'unchanged' };
  if (statusCode === 429 || statusCode >= 500) throw new BusyError(statusCode, retryAfterMs(headers['retry-after']));
  if (statusCode !== 200) throw refusal(url, `it answered HTTP ${statusCode}`);
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    response.destroy();
    throw refusal(url, `it answered in the encoding ${headers['content-encoding']}, which was not asked for`);
  }
  const bytes = await bodyOf(response, url, bounds.bytesMax);
  const validators = { etag: headers.etag ?? null, lastModified: headers['last-modified'] ?? null };
  return { kind: 'body', bytes, url, validators };
}

/** Seconds only: a date would need a clock, and servers under load send seconds (RFC 9110 section 10.2.3). */
function retryAfterMs(header: string | undefined): number | null {
  return header !== undefined && /^[0-9]{1,6}$/.test(header) ? Number(header) * 1000 : null;
}

async function bodyOf(response: IncomingMessage, url: string, bytesMax: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = Number(response.headers['content-length'] ?? 0);
  if (size <= bytesMax) {
    size = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > bytesMax) break;
      chunks.push(chunk);
    }
  }
  response.destroy();
  if (size > bytesMax) throw tooLarge(url, bytesMax);
  return Buffer.concat(chunks);
}

function tooLarge(url: string, bytesMax: number): Failure {
  return new Failure('E0205', `${url} sends more than ${bytesMax} bytes`, {
    at: url,
    kept: 'nothing of it was used; what was read from it before stays in force',
    retryable: false,
  });
}

function refusal(url: string, why: string): Failure {
  return new Failure('E0201', `${url} cannot be read`, {
    at: url,
    why,
    kept: 'what was read from it before stays in force',
    hint: 'look whether the address is still right',
    retryable: false,
  });
}
