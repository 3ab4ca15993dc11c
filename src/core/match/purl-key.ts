import { plainVersion, purlParts } from './purl-covers.ts';

/**
 * What `purlCovers()` compares first, as text: type and name of a purl, and its version where it states one. Equal keys are only the
 * reason to look closer. What is no purl is its own key.
 */
export function purlKey(id: string): string {
  const parts = purlParts(id);
  if (parts === undefined) return id;
  const { type, name, version } = parts;
  return version === null ? `${type}/${name}` : `${type}/${name}@${plainVersion(type, version)}`;
}

/** Every key of which something may be stated that covers this purl: without version, with it, and the text itself. */
export function purlKeysOf(ours: string): readonly string[] {
  const parts = purlParts(ours);
  return parts === undefined ? [ours] : [...new Set([`${parts.type}/${parts.name}`, purlKey(ours)])];
}
