import { Failure } from '../../src/core/failure.ts';
import { folderBlobs } from '../../src/io/blobs/folder-blobs.ts';

/** Puts blobs and prints the digest of each once it is durable: `node put-child.ts FOLDER COUNT SIZE-IN-BYTES`. */
const [folder = '', count = '', size = ''] = process.argv.slice(2);
const blobs = folderBlobs(folder);
try {
  for (let n = 0; n < Number(count); n += 1) {
    const bytes = Buffer.alloc(Number(size), `${n} `);
    process.stdout.write(`${await blobs.put(bytes)}\n`);
  }
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`${error.code} ${error.message}\nkept: ${error.detail.kept}\n`);
  process.exitCode = 1;
}
