import { Failure } from '../../core/failure.ts';
import { exchange, shownAddress } from './http-exchange.ts';

export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** Sent as it is: a bearer token that somebody else obtained. */
  | { readonly kind: 'token'; readonly token: string };

/** What a registry asked for in `WWW-Authenticate` (distribution-spec refers to RFC 6750 and RFC 7617). */
export type Challenge =
  | { readonly kind: 'basic' }
  | { readonly kind: 'bearer'; readonly realm: string; readonly service: string | null; readonly scope: string | null };

/** Undefined when it is no challenge that we can meet. */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  if (header === undefined || header.length > 4096) return undefined;
  if (/^basic\b/i.test(header)) return { kind: 'basic' };
  if (!/^bearer\s/i.test(header)) return undefined;
  const parameters = new Map<string, string>();
  for (const [, key = '', value = ''] of header.matchAll(/([a-z]+)="([^"]*)"/gi))
    parameters.set(key.toLowerCase(), value);
  const realm = parameters.get('realm');
  if (realm === undefined) return undefined;
  return {
    kind: 'bearer',
    realm,
    service: parameters.get('service') ?? null,
    scope: parameters.get('scope') ?? null,
  };
}

/** The `Authorization` header that meets a challenge; undefined when there is nothing to meet it with. */
export async function authorizationFor(
  challenge: Challenge,
  credentials: Credentials | undefined,
  registry: { readonly url: URL; readonly scope: string },
): Promise<string | undefined> {
  if (credentials?.kind === 'token') return `Bearer ${credentials.token}`;
  if (challenge.kind === 'basic') return credentials === undefined ? undefined : basic(credentials);
  return `Bearer ${await fetchToken(challenge, credentials, registry)}`;
}

type Bearer = Extract<Challenge, { kind: 'bearer' }>;
type Password = Extract<Credentials, { kind: 'password' }>;

async function fetchToken(
  challenge: Bearer,
  credentials: Password | undefined,
  registry: { readonly url: URL; readonly scope: string },
): Promise<string> {
  const realm = realmOf(challenge, registry.url);
  if (challenge.service !== null) realm.searchParams.set('service', challenge.service);
  realm.searchParams.set('scope', challenge.scope ?? registry.scope);
  const answer = await exchange({
    method: 'GET',
    url: realm,
    headers: credentials === undefined ? {} : { authorization: basic(credentials) },
    answerBytesMax: 64 * 1024,
    idleMilliseconds: 20_000,
    totalMilliseconds: 30_000,
  });
  const token = answer.status === 200 ? tokenIn(answer.body) : undefined;
  if (token === undefined) {
    throw new Failure('E0602', `${realm.host} gave no token for ${registry.url.host} (HTTP ${answer.status})`, {
      at: shownAddress(realm),
      retryable: answer.status >= 500 || answer.status === 429,
    });
  }
  return token;
}

/** The registry names the realm, so a password only goes there encrypted, or back to the very host that we called. */
function realmOf(challenge: Bearer, registry: URL): URL {
  const realm = URL.parse(challenge.realm);
  if (realm === null || (realm.protocol !== 'https:' && realm.origin !== registry.origin) || realm.username !== '') {
    throw new Failure('E0206', `Registry ${registry.host} names a token address that is not allowed`, {
      why: 'A token is fetched over https, or from the registry itself.',
    });
  }
  return realm;
}

function tokenIn(body: Buffer): string | undefined {
  try {
    const answer = JSON.parse(body.toString('utf8')) as { token?: unknown; access_token?: unknown } | null;
    const token = answer?.token ?? answer?.access_token;
    // Printable and without spaces: it becomes a header.
    return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
  } catch {
    return undefined;
  }
}

function basic(credentials: Password): string {
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
}
