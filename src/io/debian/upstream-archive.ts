import type { SourcePackage } from '../../formats/deb/sources-index.ts';

/** Upstream's own archive in a source package, with the upstream version as Debian writes it. */
export interface UpstreamArchive {
  readonly version: string;
  readonly file: SourcePackage['files'][number];
}

/** `expat_2.5.0.orig.tar.gz`; a native package is its own upstream (dpkg-source(1), formats 3.0). */
export function upstreamArchive({ name, version, files }: SourcePackage): UpstreamArchive | undefined {
  const withoutEpoch = version.replace(/^[0-9]+:/, '');
  const upstream = withoutEpoch.replace(/-[^-]*$/, '');
  const file =
    files.find((each) => isArchive(each.name, `${name}_${upstream}.orig.tar.`)) ??
    files.find((each) => isArchive(each.name, `${name}_${withoutEpoch}.tar.`));
  return file === undefined ? undefined : { version: upstream, file };
}

function isArchive(file: string, begin: string): boolean {
  return file.startsWith(begin) && /^(?:gz|xz|bz2|lzma|zst)$/.test(file.slice(begin.length));
}
