import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { Failure } from '../../core/failure.ts';
import { isPublicAddress } from '../http/public-address.ts';
import { authorizationFor, parseChallenge, type Credentials } from './authorize.ts';
import { exchange, shownAddress, type Answer, type TakeBody } from './http-exchange.ts';
import { RetryAfter, retrying, type RetryOptions } from './retries.ts';

export interface ConnectionOptions {
  /** `registry.example` or `127.0.0.1:5000`. */
  readonly host: string;
  readonly plainHttp: boolean;
  /** Asked once a registry wants to know who we are. */
  readonly auth?: (host: string) => Promise<Credentials | undefined>;
  readonly bounds?: { readonly idleMilliseconds?: number; readonly totalMilliseconds?: number };
  readonly retries?: Partial<RetryOptions>;
}

/** A way to one registry: authorization, retries and redirects are settled here. */
export interface Connection {
  readonly host: string;
  /** Resolves with one of `expect`; anything else is E0602 (refused) or E0601 (unreachable, too busy). */
  send(call: Call): Promise<Answer>;
  /** Where the answer's `Location` leads, checked. */
  locationOf(answer: Answer): URL;
  again<T>(work: () => Promise<T>): Promise<T>;
}

export interface Call {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** A path of the registry, or an address that it named itself. */
  readonly to: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly repository: string;
  /** For messages: "push hello". */
  readonly doing: string;
  readonly expect: readonly number[];
  readonly answerBytesMax: number;
  readonly take?: TakeBody;
  /** The caller begins again from further back. */
  readonly once?: boolean;
}

export function connectTo(options: ConnectionOptions): Connection {
  const base = new URL(`${options.plainHttp ? 'http' : 'https'}://${options.host}/`);
  const retries = { attempts: 4, pauseMilliseconds: 200, ...options.retries };
  const idleMilliseconds = options.bounds?.idleMilliseconds ?? 30_000;
  const totalMilliseconds = options.bounds?.totalMilliseconds ?? 900_000;
  /** By repository: tokens are given for one scope. */
  const authorizations = new Map<string, string>();
  /** Never repeated in a message, even when the registry repeats them. */
  const secrets = new Set<string>();

  return {
    host: base.host,
    send: (call) => (call.once === true ? attempt(call) : retrying(retries, () => attempt(call))),
    locationOf: (answer) => allowed(answer.headers.location, base, base),
    again: (work) => retrying(retries, work),
  };

  async function attempt(call: Call): Promise<Answer> {
    const url = typeof call.to === 'string' ? new URL(call.to, base) : call.to;
    let answer = await follow(call, url);
    if (answer.status === 401 && (await authorize(call, answer.headers))) answer = await follow(call, url);
    if (call.expect.includes(answer.status)) return answer;
    throw refusedOrBusy(base.host, call, answer, secrets);
  }

  async function follow(call: Call, start: URL): Promise<Answer> {
    let url = start;
    for (let redirects = 0; ; redirects += 1) {
      const answer = await exchange({
        method: call.method,
        url,
        headers: { ...call.headers, ...credentialsFor(url, call.repository) },
        ...(call.body === undefined ? {} : { body: call.body }),
        answerBytesMax: call.answerBytesMax,
        ...(call.take === undefined ? {} : { take: call.take }),
        idleMilliseconds,
        totalMilliseconds,
      });
      const redirected = [301, 302, 303, 307, 308].includes(answer.status);
      if (!redirected || (call.method !== 'GET' && call.method !== 'HEAD')) return answer;
      if (redirects === 3)
        throw new Failure('E0603', `Registry ${base.host} redirects without end`, { at: shownAddress(url) });
      url = allowed(answer.headers.location, url, base);
    }
  }

  /** Only the registry itself is told who we are, never where it sends us. */
  function credentialsFor(url: URL, repository: string): Readonly<Record<string, string>> {
    const authorization = url.origin === base.origin ? authorizations.get(repository) : undefined;
    return authorization === undefined ? {} : { authorization };
  }

  async function authorize(call: Call, headers: IncomingHttpHeaders): Promise<boolean> {
    const challenge = parseChallenge(headers['www-authenticate']);
    if (challenge === undefined) return false;
    const scope = `repository:${call.repository}:${call.method === 'GET' || call.method === 'HEAD' ? 'pull' : 'pull,push'}`;
    const credentials = await options.auth?.(base.host);
    if (credentials !== undefined) secrets.add(credentials.kind === 'token' ? credentials.token : credentials.password);
    const authorization = await authorizationFor(challenge, credentials, { url: base, scope });
    if (authorization === undefined) return false;
    secrets.add(authorization.replace(/^\S+ /, ''));
    authorizations.set(call.repository, authorization);
    return true;
  }
}

/** An address that a registry named: on the registry itself, or over https at a public name. */
function allowed(location: string | undefined, from: URL, base: URL): URL {
  const url = location === undefined ? null : URL.parse(location, from.href);
  const own = url?.origin === base.origin;
  if (url === null || !(own || (url.protocol === 'https:' && !isInside(url.hostname))) || url.username !== '') {
    throw new Failure('E0206', `Registry ${base.host} names an address that is not allowed`, {
      at: url === null ? base.host : shownAddress(url),
      why: 'it may lead to itself, or over https to a public name',
      kept: 'nothing was sent there',
      hint: 'ask who runs the registry',
    });
  }
  return url;
}

/** This machine and its own network: what a registry elsewhere has no reason to send us to. */
function isInside(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIP(host) !== 0) return !isPublicAddress(host);
  return host === 'localhost' || host.endsWith('.localhost') || !host.includes('.');
}

function refusedOrBusy(host: string, call: Call, answer: Answer, secrets: Iterable<string>): Failure {
  const at = typeof call.to === 'string' ? `${host}${call.to.split('?')[0]}` : shownAddress(call.to);
  const said = saidBy(answer, secrets);
  const sentence = `Registry ${host} refused to ${call.doing}: HTTP ${answer.status}${said === '' ? '' : `, ${said}`}`;
  if (answer.status === 429 || answer.status >= 500) {
    const seconds = Number(answer.headers['retry-after']);
    return new Failure('E0601', sentence, {
      at,
      retryable: true,
      hint: 'try again later, or ask who runs the registry',
      ...(Number.isFinite(seconds) && seconds >= 0 && answer.headers['retry-after'] !== undefined
        ? { cause: new RetryAfter(seconds * 1000) }
        : {}),
    });
  }
  return new Failure('E0602', sentence, {
    at,
    retryable: false,
    ...(answer.status === 401 || answer.status === 403
      ? { hint: `log in to ${host} with an account that may do this` }
      : {}),
  });
}

/** The registry's own words, in one printable line, without anything secret that it might send back. */
function saidBy(answer: Answer, secrets: Iterable<string>): string {
  let text: string;
  try {
    const parsed = JSON.parse(answer.body.toString('utf8')) as {
      errors?: { code?: unknown; message?: unknown }[];
    } | null;
    const first = parsed?.errors?.[0];
    text = [first?.code, first?.message].filter((part) => typeof part === 'string').join(' ');
  } catch {
    return '';
  }
  for (const secret of secrets) text = text.replaceAll(secret, '***');
  return text
    .replace(/[^\x20-\x7e]/g, ' ')
    .trim()
    .slice(0, 200);
}
