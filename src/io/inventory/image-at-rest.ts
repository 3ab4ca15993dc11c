import { statSync } from 'node:fs';
import { digestOf } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import { dockerArchive } from '../../formats/inventory/docker-archive.ts';
import { parseIndex, parseManifest, type IndexEntry } from '../../formats/oci/manifest.ts';
import { isIndexType } from '../../formats/oci/media-types.ts';
import { wholeFile, type ImageFile, type ImageFiles } from './image-files.ts';
import type { Descriptor } from '../../formats/oci/descriptor.ts';

/** Which one is meant, where several lie together. */
export interface ImageChoice {
  /** `1.28`, or `nginx:1.28` as Docker's archives have it. */
  readonly tag?: string;
  /** `arm64`; without it the machine's own is preferred. */
  readonly architecture?: string;
}

export interface ImageAtRest {
  readonly name: string | null;
  readonly digest: string | null;
  /** Bottom first. */
  readonly layers: readonly { readonly file: ImageFile; readonly digest: string | null }[];
}

/** Finds the image in what lies there. */
export function imageAtRest(files: ImageFiles, choice: ImageChoice): ImageAtRest {
  const index = files.file('index.json');
  if (index !== undefined && files.file('oci-layout') !== undefined) return layoutImage(files, index, choice);
  const archive = files.file('manifest.json');
  if (archive !== undefined) return archiveImage(files, archive, choice);
  const stat = statSync(files.at);
  if (!stat.isFile()) {
    throw new Failure('E0404', `${files.at} is no image`, { at: files.at, hint: 'it needs oci-layout and index.json' });
  }
  return {
    name: null,
    digest: null,
    layers: [{ file: { path: files.at, offset: 0, sizeBytes: stat.size }, digest: null }],
  };
}

const REF_NAME = 'org.opencontainers.image.ref.name';
/** What containerd calls an image, with its repository. */
const IMAGE_NAME = 'io.containerd.image.name';
const INDEX_DEPTH_MAX = 3;

interface Candidate {
  readonly ref: Descriptor;
  readonly names: readonly string[];
  readonly architecture: string | null;
}

function layoutImage(files: ImageFiles, index: ImageFile, choice: ImageChoice): ImageAtRest {
  const { manifests } = parseIndex(wholeFile(index), `${files.at}: index.json`);
  const all = manifests.flatMap((entry) => candidatesOf(files, entry, { names: namesOf(entry), depth: 1 }));
  const chosen = choose(files.at, all, choice);
  const manifest = parseManifest(blob(files, chosen.ref), chosen.ref.digest);
  const layers = manifest.layers.map(({ digest }) => ({ file: blobFile(files, digest), digest }));
  return { name: chosen.names[0] ?? null, digest: chosen.ref.digest, layers };
}

function candidatesOf(
  files: ImageFiles,
  entry: IndexEntry,
  { names, depth }: { readonly names: readonly string[]; readonly depth: number },
): readonly Candidate[] {
  // Attestations that BuildKit puts beside images say so.
  if (entry.platform?.architecture === 'unknown') return [];
  if (!isIndexType(entry.mediaType)) {
    return [{ ref: entry, names, architecture: entry.platform?.architecture ?? null }];
  }
  if (depth > INDEX_DEPTH_MAX) throw new Failure('E0404', `${files.at} has indexes in indexes`, { at: entry.digest });
  return parseIndex(blob(files, entry), entry.digest).manifests.flatMap((one) =>
    candidatesOf(files, one, { names: [...names, ...namesOf(one)], depth: depth + 1 }),
  );
}

function namesOf({ annotations = {} }: IndexEntry): readonly string[] {
  return [annotations[IMAGE_NAME], annotations[REF_NAME]].filter((name) => name !== undefined);
}

function archiveImage(files: ImageFiles, archive: ImageFile, choice: ImageChoice): ImageAtRest {
  const images = dockerArchive(wholeFile(archive), `${files.at}: manifest.json`);
  const chosen = choose(
    files.at,
    images.map(({ layers, tags }) => ({ layers, names: tags, architecture: null })),
    choice,
  );
  const layers = chosen.layers.map((name) => ({ file: needed(files, name), digest: null }));
  return { name: chosen.names[0] ?? null, digest: null, layers };
}

function choose<T extends Pick<Candidate, 'names' | 'architecture'>>(
  at: string,
  all: readonly T[],
  { tag, architecture }: ImageChoice,
): T {
  const named =
    tag === undefined ? all : all.filter((one) => one.names.some((name) => name === tag || name.endsWith(`:${tag}`)));
  const fitting = named.filter(
    (one) => architecture === undefined || (one.architecture ?? architecture) === architecture,
  );
  const own = fitting.filter((one) => one.architecture === ownArchitecture);
  const [first, ...others] = fitting.length > 1 && own.length > 0 ? own : fitting;
  if (first !== undefined && others.length === 0) return first;
  const there = all.map((one) => [one.names[0] ?? 'without a name', one.architecture ?? ''].join(' ').trim());
  throw new Failure('E0902', `${at} holds ${first === undefined ? 'no such image' : 'several images'}`, {
    at,
    why: `there: ${[...new Set(there)].slice(0, 20).join(', ') || 'nothing'}`,
    hint: 'name a tag or an architecture',
  });
}

/** As Go, and so OCI, writes it. */
const ownArchitecture = process.arch === 'x64' ? 'amd64' : process.arch;

function blob(files: ImageFiles, { digest }: Descriptor): Uint8Array {
  const bytes = wholeFile(blobFile(files, digest));
  if (digestOf(bytes) === digest) return bytes;
  throw new Failure('E0301', 'The bytes are not the ones that the digest names', { at: digest });
}

function blobFile(files: ImageFiles, digest: string): ImageFile {
  return needed(files, `blobs/${digest.replace(':', '/')}`);
}

function needed(files: ImageFiles, name: string): ImageFile {
  const file = files.file(name);
  if (file !== undefined) return file;
  throw new Failure('E0404', `${files.at} lacks a file that it names`, { at: `${files.at}: ${name}` });
}
