import { join } from 'node:path';
import { namesIn, type Disk } from './disk.ts';
import { pageOf } from './pages.ts';
import { json, refusal, type Reply } from './reply.ts';

/** `GET /v2/_catalog`: the repositories that hold a manifest. */
export async function listRepositories(disk: Disk, query: URLSearchParams): Promise<Reply> {
  const page = pageOf(await repositories(disk), '/v2/_catalog', query);
  if (page === undefined) return refusal(400, 'UNSUPPORTED', 'n is not a whole number');
  return json(200, { repositories: page.names }, page.headers);
}

/** Names of all repositories, in order. */
export async function repositories(disk: Disk): Promise<readonly string[]> {
  const found: string[] = [];
  await collect(disk.repositories, '', found);
  return found.sort();
}

async function collect(folder: string, prefix: string, found: string[]): Promise<void> {
  for (const part of await namesIn(folder)) {
    if (part === '_manifests') {
      if ((await namesIn(join(folder, part))).length > 0) found.push(prefix.slice(0, -1));
    } else if (!part.startsWith('_')) {
      await collect(join(folder, part), `${prefix}${part}/`, found);
    }
  }
}
