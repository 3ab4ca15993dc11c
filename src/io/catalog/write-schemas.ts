import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { schemaFiles } from '../../formats/catalog/json-schemas.ts';

/** Writes the JSON Schemas of the catalog's files below `.suture/schema/`; made anew each time, so not made durable. */
export async function writeSchemas(folder: string): Promise<readonly string[]> {
  const files = schemaFiles();
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return [...files.keys()];
}
