import { isUtf8 } from 'node:buffer';
import { constants, type Dirent } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { FILES_MAX } from '../../formats/catalog/parse-catalog.ts';
import { FILE_BYTES_MAX } from '../../formats/catalog/yaml-file.ts';

const TOTAL_BYTES_MAX = 64 << 20;
const DEPTH_MAX = 8;

/** Files of a catalog by their path relative to its folder. */
export interface CatalogFiles<Content> {
  readonly files: ReadonlyMap<string, Content>;
  readonly problems: readonly Failure[];
}

/**
 * Reads `suture.yaml`, `policy.yaml`, `exceptions.yaml` and everything below `recipes/`, `lines/` and `patches/`: at most 20,000 files,
 * 1 MiB each, 64 MiB together. A link that leaves the folder, and anything that is no file, is a problem. Only YAML is
 * read; of the rest the path is enough.
 */
export async function readCatalogFiles(folder: string): Promise<CatalogFiles<string>> {
  const { files, problems } = await readAll(folder, 'yaml');
  const decoder = new TextDecoder();
  return { files: new Map([...files].map(([path, bytes]) => [path, decoder.decode(bytes)])), problems };
}

/** The same files with the bytes of every one of them, for keeping; what editors leave beside them (`.x.swp`) is not. */
export function readCatalogBytes(folder: string): Promise<CatalogFiles<Uint8Array>> {
  return readAll(folder, 'everything');
}

/** The places of a catalog's files: these, and all below those folders. */
export const catalogPlaces = {
  files: ['suture.yaml', 'policy.yaml', 'exceptions.yaml', 'suture.yml', 'policy.yml', 'exceptions.yml'],
  folders: ['lines', 'patches', 'recipes'],
} as const;

async function readAll(folder: string, wants: 'yaml' | 'everything'): Promise<CatalogFiles<Uint8Array>> {
  const reader = new Reader(await realpath(folder), wants);
  for (const name of catalogPlaces.files) await reader.file(name);
  for (const name of catalogPlaces.folders) await reader.below(name, 1);
  return reader;
}

class Reader implements CatalogFiles<Uint8Array> {
  readonly files = new Map<string, Uint8Array>();
  readonly problems: Failure[] = [];
  readonly #root: string;
  readonly #wants: 'yaml' | 'everything';
  #bytes = 0;
  #full = false;

  constructor(root: string, wants: 'yaml' | 'everything') {
    this.#root = root;
    this.#wants = wants;
  }

  /** Entries in order of their names, so that the same catalog always reads the same. */
  async below(path: string, depth: number): Promise<void> {
    const place = await this.#inside(path);
    if (place === undefined || this.#full) return;
    if (depth > DEPTH_MAX) {
      this.#refuse(path, `folders are nested deeper than ${DEPTH_MAX}`);
      return;
    }
    for (const entry of await entriesOf(place)) {
      const inner = `${path}/${entry.name}`;
      if (this.#wants === 'everything' && entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) await this.below(inner, depth + 1);
      else await this.file(inner, 'listed');
    }
  }

  async file(path: string, is: 'optional' | 'listed' = 'optional'): Promise<void> {
    const place = await this.#inside(path, is);
    if (place === undefined || this.#full) return;
    if (this.files.size >= FILES_MAX) {
      this.#full = true;
      this.#refuse(path, `a catalog has at most ${FILES_MAX} files`);
      return;
    }
    const isYaml = path.endsWith('.yaml') || path.endsWith('.yml');
    const bytes = await this.#read(path, place, isYaml);
    if (bytes !== undefined) this.files.set(path, bytes);
  }

  /** The real path of something in the catalog; undefined when it is not there or lies elsewhere. */
  async #inside(path: string, is: 'optional' | 'listed' = 'optional'): Promise<string | undefined> {
    try {
      const real = await realpath(join(this.#root, path));
      if (real === this.#root || real.startsWith(this.#root.endsWith(sep) ? this.#root : this.#root + sep)) return real;
      this.#refuse(path, 'this link leads out of the catalog', 'Put the file itself here.');
    } catch (cause) {
      if (codeOf(cause) === 'ELOOP') this.#refuse(path, 'this link leads back to itself');
      else if (codeOf(cause) !== 'ENOENT') throw cause;
      else if (is === 'listed') this.#refuse(path, 'this link leads to nothing');
    }
    return undefined;
  }

  async #read(path: string, place: string, isYaml: boolean): Promise<Uint8Array | undefined> {
    // Not blocking: opening a named pipe would wait for ever.
    const handle = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) return this.#refuse(path, 'this is not a file');
      if (!isYaml && this.#wants === 'yaml') return new Uint8Array();
      if (isYaml && stat.size > FILE_BYTES_MAX) return this.#refuse(path, 'this file is larger than 1 MiB');
      this.#bytes += stat.size;
      if (this.#bytes > TOTAL_BYTES_MAX) {
        this.#full = true;
        return this.#refuse(path, 'the files of this catalog are larger than 64 MiB together');
      }
      const { buffer, bytesRead } = await handle.read(new Uint8Array(stat.size), 0, stat.size, 0);
      const bytes = buffer.subarray(0, bytesRead);
      if (isYaml && !isUtf8(bytes)) return this.#refuse(path, 'this file is not text in UTF-8');
      return bytes;
    } finally {
      await handle.close();
    }
  }

  #refuse(path: string, what: string, hint?: string): undefined {
    const failure = new Failure('E0101', what, { at: `${path}:1:1`, ...(hint === undefined ? {} : { hint }) });
    this.problems.push(failure);
  }
}

async function entriesOf(place: string): Promise<readonly Dirent[]> {
  const entries = await readdir(place, { withFileTypes: true });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
}
