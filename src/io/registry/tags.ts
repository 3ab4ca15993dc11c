import { join } from 'node:path';
import { namesIn, type Disk } from './disk.ts';
import { pageOf } from './pages.ts';
import { json, refusal, type Reply } from './reply.ts';

/** `GET /v2/<name>/tags/list` (distribution-spec "Listing Tags"). */
export async function listTags(disk: Disk, name: string, query: URLSearchParams): Promise<Reply> {
  const tags = await namesIn(join(disk.repositoryPath(name), '_tags'));
  if (tags.length === 0 && (await namesIn(join(disk.repositoryPath(name), '_manifests'))).length === 0) {
    return refusal(404, 'NAME_UNKNOWN', `No repository ${name}`);
  }
  const page = pageOf(tags, `/v2/${name}/tags/list`, query);
  if (page === undefined) return refusal(400, 'UNSUPPORTED', 'n is not a whole number');
  return json(200, { name, tags: page.names }, page.headers);
}
