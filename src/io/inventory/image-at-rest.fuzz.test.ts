import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fuzzFolder, fuzzReader } from '../../../test/support/fuzz-reader.ts';
import { layeredImage, writeLayout } from '../../../test/support/layered-image.ts';
import { digestOf } from '../../core/digest.ts';
import { writeTar } from '../../formats/tar/write-tar.ts';
import { inventoryOfImage } from './inventory-of-image.ts';

const folder = fuzzFolder();

const image = layeredImage([{ 'opt/a.dist-info/METADATA': 'Metadata-Version: 2.1\nName: a\nVersion: 1\n\n' }]);
const [, layer = Buffer.alloc(0)] = image.blobs;
writeLayout(folder, 'layout', image);
const codes = /^E0(?:205|301|404|603|902)$/;

/** The file is written anew each time, and the image that it belongs to is read. */
function reads(path: string, at: string) {
  return (bytes: Buffer): unknown => {
    writeFileSync(join(folder, path), bytes);
    return inventoryOfImage(join(folder, at));
  };
}

const tarOf = (files: Readonly<Record<string, Uint8Array>>) =>
  writeTar(
    Object.entries(files).map(([path, content]) => {
      return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, content: Buffer.from(content) };
    }),
  );
const manifest = Buffer.from(JSON.stringify([{ Config: 'c', RepoTags: ['a:1'], Layers: ['l/layer.tar'] }]));

fuzzReader({
  name: 'inventoryOfImage() of an archive of docker save',
  right: tarOf({ 'manifest.json': manifest, 'l/layer.tar': layer }),
  read: reads('docker.tar', 'docker.tar'),
  codes,
});
fuzzReader({
  name: 'inventoryOfImage() of a packed layer without a digest',
  right: layer,
  read: reads('layer.tar.gz', 'layer.tar.gz'),
  codes,
});
fuzzReader({
  name: 'inventoryOfImage() of the index of a layout',
  right: JSON.stringify({
    schemaVersion: 2,
    manifests: [
      {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest: digestOf(image.manifest),
        size: image.manifest.length,
      },
    ],
  }),
  read: reads('layout/index.json', 'layout'),
  codes,
});
