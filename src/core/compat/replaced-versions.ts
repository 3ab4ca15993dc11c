import type { InventoryPackage } from '../match/inventory.ts';

/**
 * Where a file of the image before may be now: `lib/libfoo.so.1.0.0` under `1.0.1` when a package went from the one to the
 * other. The function returned gives every candidate for a path.
 */
export function replacedVersions(
  before: readonly InventoryPackage[],
  after: readonly InventoryPackage[],
): (path: string) => readonly string[] {
  const now = new Map(after.map((one) => [one.name, one]));
  const replaced = before.flatMap((one) => {
    const next = now.get(one.name);
    if (next === undefined || next.version === one.version) return [];
    const full = [one.version, next.version] as const;
    const upstream = [withoutRevision(one.version), withoutRevision(next.version)] as const;
    // A bare `1` is part of too many names.
    return upstream[0] === upstream[1] || !upstream[0].includes('.') ? [full] : [full, upstream];
  });
  return (path) => replaced.filter(([old]) => path.includes(old)).map(([old, next]) => path.replaceAll(old, next));
}

function withoutRevision(version: string): string {
  return version.replace(/-r[0-9]+$/, '');
}
