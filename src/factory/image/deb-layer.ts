import { Failure } from '../../core/failure.ts';
import { statusRecord } from '../../formats/deb/installed-database.ts';
import { maintainerWorkOf } from '../../formats/deb/maintainer-work.ts';
import { newestOf, packageFiles } from '../../formats/deb/package-files.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import type { DebReader } from '../suites.ts';
import type { PackageLayer, PackageLayerDeps, PackageRef } from './package-layer.ts';
import { storeLayer } from './store-layer.ts';

/**
 * The files of a deb as a layer of our own making, for what a deb holds is packed in ways that images do not know. None of
 * its scripts is run: what they would do is decided for the whole image (formats/deb/stand-in.ts).
 */
export async function debLayer(
  ref: PackageRef,
  bytes: Uint8Array,
  { blobs, openDeb }: Pick<PackageLayerDeps, 'blobs' | 'openDeb'>,
): Promise<PackageLayer> {
  const deb = await openDeb(bytes, archiveOf(ref));
  const files = packageFiles(deb);
  refuseWhiteouts(files, ref);
  const { layer, facts } = await storeLayer(files, blobs);
  return {
    package: ref.digest,
    name: deb.info.name,
    version: deb.info.version,
    architecture: deb.info.architecture,
    builtAt: newestOf(deb.files),
    replaces: deb.info.replaces.map(({ name }) => name),
    layer,
    facts,
    record: statusRecord(deb),
    accounts: { passwd: '', group: '' },
    own: { format: 'deb', work: maintainerWorkOf(deb) },
  };
}

/** In a layer, a file of such a name takes files of other packages away (OCI image-spec layer.md, "Whiteouts"). */
function refuseWhiteouts(files: readonly TarEntry[], { name }: PackageRef): void {
  const found = files.find(({ path }) => /(?:^|\/)\.wh\.[^/]*$/.test(path));
  if (found === undefined) return;
  throw new Failure('E0404', `Package ${name} has a file that images read as the removal of another`, {
    at: found.path,
  });
}

export async function debFiles(
  ref: PackageRef,
  bytes: Uint8Array,
  { openDeb }: { readonly openDeb: DebReader },
): Promise<readonly TarEntry[]> {
  return packageFiles(await openDeb(bytes, archiveOf(ref)));
}

function archiveOf({ name, version }: PackageRef): string {
  return `${name}_${version}.deb`;
}
