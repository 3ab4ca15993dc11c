import { Failure } from '../../core/failure.ts';
import { isValidDeb } from '../../core/version/deb.ts';

/** What may be called a package (Policy 5.6.1): it becomes part of file names and of lines of a database. */
export function isPackageName(text: string): boolean {
  return /^[a-z0-9][a-z0-9+.-]{1,199}$/.test(text);
}

/** What may be a version (Policy 5.6.12): part of file names too, so no slash, no blank, no line break. */
export function isPackageVersion(text: string): boolean {
  return text.length <= 200 && text === text.trim() && isValidDeb(text);
}

export function checkedName(text: string, at: string): string {
  if (!isPackageName(text)) throw new Failure('E0404', `${shown(text)} is no name of a package`, { at });
  return text;
}

export function checkedVersion(text: string, at: string): string {
  if (!isPackageVersion(text)) throw new Failure('E0404', `${shown(text)} is no version of a package`, { at });
  return text;
}

/** A word from outside for a message: quoted and not endless. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
