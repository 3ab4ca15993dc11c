import type { Recipe } from './catalog.ts';

/**
 * Version of a package with its revision: `1.0.1-r0`; as a deb `1.0.1-1suture1`, which is above Debian's own first
 * revision of the same upstream version and below its later ones (Debian Policy 5.6.12).
 */
export function fullVersion({ version, epoch, format }: Pick<Recipe, 'version' | 'epoch' | 'format'>): string {
  return format === 'deb' ? `${version}-1suture${epoch + 1}` : `${version}-r${epoch}`;
}
