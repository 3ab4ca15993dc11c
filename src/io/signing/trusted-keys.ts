import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { verifierOf } from '../../formats/dsse/signing-key.ts';

const KEY_BYTES_MAX = 10_000;

/** Public keys in PEM by key id: of the files that are named, or all `*.pub` of a folder. E0303 for what is no key. */
export async function trustedKeys(
  from: { readonly files: readonly string[] } | { readonly folder: string },
): Promise<Map<string, string>> {
  const paths = 'files' in from ? from.files : await publicFiles(from.folder);
  const keys = new Map<string, string>();
  for (const path of paths) {
    const pem = await keyText(path);
    keys.set(verifierOf(pem).keyId, pem);
  }
  return keys;
}

async function publicFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.pub'))
    .toSorted()
    .map((name) => join(folder, name));
}

async function keyText(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true && found.size <= KEY_BYTES_MAX) return await readFile(path, 'utf8');
  throw new Failure('E0303', `The public key ${path} is not there`, {
    at: path,
    why: found === undefined ? 'no file has that name' : 'it is no file of a key',
    hint: 'name a file with a PEM block PUBLIC KEY',
  });
}
