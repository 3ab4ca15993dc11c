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
  const id = fieldOf(text, 'ID');
  if (id === undefined) return undefined;
  return { id, release: fieldOf(text, 'VERSION_ID') ?? fieldOf(text, 'VERSION_CODENAME') ?? null };
}

function fieldOf(text: string, name: string): string | undefined {
  const field = new RegExp(`^${name}=(?:"([^"\\n]*)"|'([^'\\n]*)'|([^\\s"']*))\\s*$`, 'm').exec(text);
  const value = field?.[1] ?? field?.[2] ?? field?.[3];
  return value !== undefined && /^[a-z0-9._-]{1,100}$/.test(value) ? value : undefined;
}
