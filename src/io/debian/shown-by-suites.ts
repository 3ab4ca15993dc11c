import type { PackagePool } from '../../core/resolve/available-package.ts';
import type { SeenTag } from '../../core/upstream/release-news.ts';
import type { SourcePackage } from '../../formats/deb/sources-index.ts';
import { upstreamArchive } from './upstream-archive.ts';

/** Each version of upstream's once; where suites have it in two forms, the first suite's counts. */
export function archivesIn(packaged: readonly SourcePackage[]): readonly SeenTag[] {
  const seen = new Map<string, SeenTag>();
  for (const each of packaged) {
    const archive = upstreamArchive(each);
    if (archive === undefined || seen.has(archive.version)) continue;
    seen.set(archive.version, {
      name: archive.version,
      objectId: archive.file.sha256,
      commit: archive.file.sha256,
    });
  }
  return [...seen.values()];
}

export function versionsIn(pool: PackagePool, binaries: readonly string[]): readonly SeenTag[] {
  const versions = new Set(binaries.flatMap((name) => pool.named(name).map(({ source }) => source.version)));
  return [...versions].map((version) => ({ name: version, objectId: '', commit: '' }));
}
