import { join } from 'node:path';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { advisory, edit, put, type World } from '../../support/broken-world.ts';
import { serverOf } from '../../support/lying-server.ts';
import { zipOf } from '../../support/zip.ts';
import type { BadInput } from './case.ts';

const record = (world: World, content: string | Uint8Array, name = 'CVE-2099-0002.json') =>
  put(join(world.folder, 'feeds', 'osv', name), content);

const second = { id: 'CVE-2099-0002', modified: '2026-03-02T08:30:00Z' };

export const feeds: readonly BadInput[] = [
  {
    name: 'a record that was cut off',
    breaks: (world) => record(world, advisory(second).slice(0, 300)),
    argv: ['run'],
    code: 'E0202',
    exitCode: 75,
  },
  {
    name: 'a record of another schema',
    breaks: (world) => record(world, JSON.stringify({ ...second, affected: 'everything' })),
    argv: ['run'],
    code: 'E0202',
    exitCode: 69,
  },
  {
    name: 'a record with text that is hostile to terminals',
    breaks: (world) =>
      record(world, advisory({ ...second, id: 'CVE-2099-0002\u001b[2J\u001b]0;owned\u0007\u202e', modified: 'never' })),
    argv: ['run'],
    code: 'E0202',
    exitCode: 69,
  },
  {
    name: 'a feed that is not there',
    breaks: (world) => edit(world, 'suture.yaml', (text) => text.replace('../feeds/osv', '../feeds/gone')),
    argv: ['run'],
    code: 'E0201',
    exitCode: 75,
  },
  {
    name: 'a zip with a member outside of it',
    breaks: (world) => zipFeed(world, zipOf({ '../../../outside.json': advisory(second) })),
    argv: ['run'],
    code: 'E0404',
    exitCode: 75,
  },
  {
    name: 'a zip that unpacks to more than it may',
    breaks: (world) => zipFeed(world, zipOf({ 'CVE-2099-0002.json': Buffer.alloc(65 * 1024 ** 2, ' ') })),
    argv: ['run'],
    code: 'E0205',
    exitCode: 69,
  },
  {
    name: 'a zip that was cut off',
    breaks: (world) => zipFeed(world, zipOf({ 'CVE-2099-0002.json': advisory(second) }).subarray(0, 200)),
    argv: ['run'],
    code: 'E0404',
    exitCode: 75,
  },
  {
    name: 'an address that sends without end',
    breaks: (world) => served(world, (_, response) => void response.writeHead(200, { 'content-length': 2 ** 40 })),
    argv: ['run'],
    code: 'E0205',
    exitCode: 69,
  },
  {
    name: 'an address that leads into the private network',
    breaks: (world) => served(world, (_, response) => redirect(response, 'https://10.0.0.1/all.zip')),
    argv: ['run'],
    code: 'E0206',
    exitCode: 69,
  },
  {
    name: 'an address that leads in a circle',
    breaks: (world) => served(world, (asked, response) => redirect(response, `http://${asked.headers.host}/`)),
    argv: ['run'],
    code: 'E0201',
    exitCode: 69,
  },
  {
    name: 'an address that breaks off each time',
    breaks: (world) =>
      served(world, (_, response) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write(advisory(second).slice(0, 100), () => response.destroy());
      }),
    argv: ['run'],
    code: 'E0201',
    exitCode: 75,
  },
];

async function zipFeed(world: World, bytes: Buffer): Promise<void> {
  await put(join(world.folder, 'feeds', 'all.zip'), bytes);
  await edit(world, 'suture.yaml', (text) => text.replace('../feeds/osv', '../feeds/all.zip'));
}

async function served(
  world: World,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<() => Promise<void>> {
  const server = await serverOf((asked, response) => {
    answer(asked, response);
    if (!response.writableEnded && response.headersSent) response.flushHeaders();
  });
  await edit(world, 'suture.yaml', (text) => text.replace('../feeds/osv', `http://${server.host}/all.zip`));
  return () => server.close();
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location }).end();
}
