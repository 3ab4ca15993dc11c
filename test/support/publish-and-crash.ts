import { publishImage } from '../../src/factory/image/publish-image.ts';
import { openSigner } from '../../src/io/signing/keys.ts';
import { listenRegistry } from '../../src/io/registry/listen.ts';
import { memoryBlobs } from './composed-line.ts';
import { clientOf, composedAt, publication } from './published-line.ts';

/** A process of its own that publishes into a registry in a folder, until SUTURE_CRASH_AT ends it. Prints the digest. */
const [folder = '', version = ''] = process.argv.slice(2);
const sign = await openSigner(`${folder}/keys`);
const listening = await listenRegistry({ folder: `${folder}/registry`, clock: () => composedAt, port: 0 });
const blobs = memoryBlobs();
// Documents must not name the port: it differs each time.
const world = { host: 'registry.example', blobs };
const request = await publication(world, sign, { packages: [{ name: 'hello', version }] });
const publicName = (repository: string) => `${world.host}/${repository}`;
const published = await publishImage(request, { registry: clientOf(listening.host, blobs), sign, publicName });
console.log(published.digest);
await listening.close();
