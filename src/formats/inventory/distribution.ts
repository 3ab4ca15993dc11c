export interface Distribution {
  /** `ID`: `debian`. */
  readonly id: string;
  /** `VERSION_ID`, else `VERSION_CODENAME`; null where it states neither. */
  readonly release: string | null;
}

/** Where the distribution names itself; the first that exists counts (os-release(5)). */
export const releasePaths: readonly string[] = ['etc/os-release', 'usr/lib/os-release'];

/** Undefined where it does not say what it is. */
export function distributionOf(content: Uint8Array): Distribution | undefined {
  const text = new TextDecoder().decode(content.subarray(0, 65_536));
  const id = fieldOf(text, 'ID')?.toLowerCase();
  if (id === undefined) return undefined;
  const release = fieldOf(text, 'VERSION_ID') ?? fieldOf(text, 'VERSION_CODENAME') ?? null;
  return { id, release: id === 'openeuler' ? withPack(release, text) : release };
}

/** Its VERSION_ID leaves out the service pack, which makes it another release: `PRETTY_NAME="openEuler 24.03 (LTS-SP1)"`. */
function withPack(release: string | null, text: string): string | null {
  const pack = /^PRETTY_NAME="[^"\n]*\((LTS(?:-SP[0-9]+)?)\)"\s*$/m.exec(text)?.[1];
  return release === null || pack === undefined ? release : `${release}-${pack}`;
}

function fieldOf(text: string, name: string): string | undefined {
  const field = new RegExp(`^${name}=(?:"([^"\\n]*)"|'([^'\\n]*)'|([^\\s"']*))\\s*$`, 'm').exec(text);
  const value = field?.[1] ?? field?.[2] ?? field?.[3];
  return value !== undefined && /^[A-Za-z0-9._-]{1,100}$/.test(value) ? value : undefined;
}
