import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listenRegistry } from '../../src/io/registry/listen.ts';

export interface Server {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  close(): Promise<void>;
}

/** Answers every request as told, on loopback. */
export async function serverOf(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What a registry answers, before it is sent. */
export interface HonestAnswer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export type Lie = (honest: HonestAnswer) => HonestAnswer | undefined;

/** A real registry behind a proxy that says something else where `lie` answers; undefined tells the truth. */
export async function lyingRegistry(lie: Lie): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'suture-lying-'));
  const honest = await listenRegistry({ folder, clock: () => Temporal.Now.instant(), port: 0 });
  const server = await serverOf((asked, response) => {
    const { method = 'GET', url: path = '/', headers } = asked;
    const forwarded = request(`http://${honest.host}${path}`, { method, headers }, (answer) => {
      void bodyOf(answer).then((body) => {
        const said: HonestAnswer = { method, path, status: answer.statusCode ?? 0, headers: answer.headers, body };
        send(response, lie(said) ?? said);
      });
    });
    asked.pipe(forwarded);
  });
  return {
    host: server.host,
    async close() {
      await server.close();
      await honest.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function bodyOf(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A body shorter than its content-length ends with the connection, as a broken network does. */
function send(response: ServerResponse, { method, status, headers, body }: HonestAnswer): void {
  const { 'transfer-encoding': _, connection: __, ...rest } = headers;
  response.writeHead(status, rest);
  response.end(method === 'HEAD' ? undefined : body, () => {
    if (method !== 'HEAD' && Number(headers['content-length'] ?? body.length) > body.length) response.destroy();
  });
}

export const refusal = (code: string, message: string): Buffer =>
  Buffer.from(JSON.stringify({ errors: [{ code, message }] }));
