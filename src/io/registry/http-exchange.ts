import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Failure } from '../../core/failure.ts';

export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** A successful answer's body may have this many bytes; one more is E0205. Refusals may have 64 KiB. */
  readonly answerBytesMax: number;
  /** Silence for longer than this ends it. */
  readonly idleMilliseconds: number;
  /** However lively, it ends after this. */
  readonly totalMilliseconds: number;
  /** Where the body of a 200 goes, for one that is too large for memory; the answer's own body is then empty. */
  readonly take?: TakeBody;
}

/** Called once for each attempt: it begins anew. */
export type TakeBody = (chunks: AsyncIterable<Uint8Array>) => Promise<void>;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One request, no redirects, everything bounded. Throws E0601 (retryable) and E0205; any status is an answer. */
export async function exchange(call: Exchange): Promise<Answer> {
  const secure = call.url.protocol === 'https:';
  const headers: Record<string, string> = { ...call.headers };
  if (call.body !== undefined || call.method === 'POST') headers['content-length'] = String(call.body?.length ?? 0);

  return new Promise((resolve, reject) => {
    const sent = (secure ? httpsRequest : httpRequest)(call.url, {
      method: call.method,
      headers,
      agent: secure ? httpsAgent : httpAgent,
      timeout: call.idleMilliseconds,
    });
    const deadline = setTimeout(() => sent.destroy(new Error('it took too long')), call.totalMilliseconds);
    const settle = (finish: () => void) => {
      clearTimeout(deadline);
      finish();
    };
    const fail = (cause: Error) =>
      settle(() =>
        reject(cause instanceof Failure || cause.name === 'AbortError' ? cause : unreachable(call.url, cause)),
      );
    sent.once('timeout', () => sent.destroy(new Error('it fell silent')));
    sent.on('error', fail);
    sent.once('response', (response) => {
      readAnswer(response, call).then((answer) => settle(() => resolve(answer)), fail);
    });
    sent.end(call.body);
  });
}

/** Without query and credentials: what may stand in a message. */
export function shownAddress(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

const httpAgent = new HttpAgent({ keepAlive: true, maxSockets: 16, maxTotalSockets: 64 });
const httpsAgent = new HttpsAgent({ keepAlive: true, maxSockets: 16, maxTotalSockets: 64 });

const REFUSAL_BYTES_MAX = 64 * 1024;

async function readAnswer(
  response: IncomingMessage,
  { answerBytesMax, take }: Pick<Exchange, 'answerBytesMax' | 'take'>,
): Promise<Answer> {
  const succeeded = (response.statusCode ?? 0) < 300;
  const bytesMax = succeeded ? answerBytesMax : Math.max(answerBytesMax, REFUSAL_BYTES_MAX);
  const chunks: Buffer[] = [];
  const body = bodyOf(response, bytesMax);
  if (take !== undefined && response.statusCode === 200) await take(body);
  else for await (const chunk of body) chunks.push(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}

/** Ends with an error unless all of it came. */
async function* bodyOf(response: IncomingMessage, bytesMax: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      response.destroy();
      throw new Failure('E0205', `The answer has more than ${bytesMax} bytes`);
    }
    yield chunk;
  }
  const announced = response.headers['content-length'];
  const headOnly = response.statusCode === 204 || response.statusCode === 304;
  if (!response.complete && !headOnly)
    throw new Error(`the answer ended early (${bytes} of ${announced ?? '?'} bytes)`);
}

function unreachable(url: URL, cause: Error & { readonly code?: string }): Failure {
  // Node's parser: more bytes than announced, or no HTTP at all.
  if (cause.code?.startsWith('HPE_') === true) {
    return new Failure('E0603', `Registry ${url.host} does not speak HTTP as it should`, {
      at: shownAddress(url),
      cause,
    });
  }
  // Node calls an answer that broke off `aborted`.
  const why = cause.message === 'aborted' ? 'the connection broke off in the middle of an answer' : cause.message;
  return new Failure('E0601', `Registry ${url.host} cannot be reached: ${why}`, {
    at: shownAddress(url),
    hint: 'look whether the registry runs and is the one in suture.yaml',
    retryable: true,
    cause,
  });
}
