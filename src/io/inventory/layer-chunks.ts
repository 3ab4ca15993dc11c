import { createHash } from 'node:crypto';
import { pipeline, Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { Failure } from '../../core/failure.ts';
import { fileChunks, type ImageFile } from './image-files.ts';

/**
 * The bytes of a layer, unpacked, as its own first bytes say it is packed (gzip, zstd, or not at all). E0301 where the packed bytes
 * do not have the digest that names them, once all are read; E0404 where they cannot be unpacked, E0205 beyond the bound.
 */
export async function* layerChunks(
  file: ImageFile,
  { digest, at }: { readonly digest: string | null; readonly at: string },
): AsyncGenerator<Uint8Array> {
  const packed = digest === null ? fileChunks(file) : hashed(fileChunks(file), digest);
  const unpacker = unpackerOf(await firstBytes(file));
  let bytes = 0;
  try {
    for await (const chunk of unpacker === undefined ? packed : unpacked(packed, unpacker)) {
      bytes += chunk.length;
      if (bytes > LAYER_BYTES_MAX) {
        throw new Failure('E0205', `The layer ${at} unpacks to more than ${LAYER_BYTES_MAX} bytes`, { at });
      }
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('E0404', `The layer ${at} cannot be unpacked`, { at, cause });
  }
}

/** Of one layer; the largest images are of this order as a whole. */
const LAYER_BYTES_MAX = 64 * 2 ** 30;

async function* hashed(chunks: AsyncIterable<Uint8Array>, digest: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  if (`sha256:${hash.digest('hex')}` !== digest) {
    throw new Failure('E0301', 'The bytes are not the ones that the digest names', { at: digest });
  }
}

async function firstBytes({ path, offset, sizeBytes }: ImageFile): Promise<Uint8Array> {
  for await (const chunk of fileChunks({ path, offset, sizeBytes: Math.min(sizeBytes, 4) })) return chunk;
  return new Uint8Array(0);
}

function unpackerOf([a, b, c, d]: Uint8Array): Transform | undefined {
  if (a === 0x1f && b === 0x8b) return createGunzip({ chunkSize: CHUNK_BYTES });
  // RFC 8878 section 3.1.1, little-endian.
  return a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd
    ? createZstdDecompress({ chunkSize: CHUNK_BYTES })
    : undefined;
}

const CHUNK_BYTES = 2 ** 18;

function unpacked(packed: AsyncIterable<Uint8Array>, unpacker: Transform): AsyncIterable<Uint8Array> {
  // A failure destroys the unpacker, and so reaches whoever reads from it.
  pipeline(Readable.from(packed, { objectMode: false }), unpacker, () => {});
  return unpacker;
}
