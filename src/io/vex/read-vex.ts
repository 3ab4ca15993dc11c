import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { VexSource } from '../../core/match/vex.ts';
import { parseFeedJson } from '../../formats/feed-json.ts';
import { parseOpenvex } from '../../formats/openvex/parse-openvex.ts';

const BYTES_MAX = 64 * 2 ** 20;
const FILES_MAX = 100_000;

/** OpenVEX documents, each a file, or all in a folder. One that cannot be used stops: what it would say may matter. */
export async function readVex(paths: readonly string[]): Promise<readonly VexSource[]> {
  const files = (await Promise.all(paths.map(filesAt))).flat();
  if (files.length > FILES_MAX) throw new Failure('E0205', `More than ${FILES_MAX} VEX documents are named`);
  return Promise.all(files.map(documentIn));
}

async function filesAt(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new Failure('E0902', `There is no VEX document at ${path}`, { at: path, cause });
  });
  if (!found.isDirectory()) return [path];
  const names = await readdir(path, { recursive: true });
  return names
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => join(path, name));
}

async function documentIn(file: string): Promise<VexSource> {
  const { size } = await stat(file);
  if (size > BYTES_MAX) throw new Failure('E0205', `${file} is larger than ${BYTES_MAX} bytes`, { at: file });
  const json = parseFeedJson(await readFile(file), file);
  const { records, source, problems } = parseOpenvex(json, { name: file });
  const [problem] = problems;
  if (problem !== undefined) throw problem;
  return { id: source.replace(/^openvex /, ''), records };
}
