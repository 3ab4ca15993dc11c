import { isJarName } from '../jar/jar-components.ts';

/** What a file of a tree may tell about components, by its path alone. */
export type EvidenceKind = 'python' | 'npm' | 'gem' | 'jar' | 'program';

/**
 * Undefined for the many files that tell nothing. Any other file may be a program: programs have all kinds of names, and four
 * bytes of the file decide.
 */
export function evidenceKindOf(path: string): EvidenceKind | undefined {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  if (name === 'METADATA' || name === 'PKG-INFO' || name.endsWith('.egg-info')) {
    return isPythonMetadata(path, name) ? 'python' : undefined;
  }
  if (name === 'package.json') return INSTALLED_NPM.test(path) ? 'npm' : undefined;
  if (name.endsWith('.gemspec')) return INSTALLED_GEM.test(path) ? 'gem' : undefined;
  const dot = name.lastIndexOf('.');
  if (dot < 0) return 'program';
  if (isJarName(name)) return 'jar';
  return DATA_EXTENSIONS.has(name.slice(dot + 1).toLowerCase()) ? undefined : 'program';
}

/** As much of each kind as is read; a package.json may hold a whole README. */
export const evidenceBytesMax = 16 * 2 ** 20;

const INSTALLED_NPM = /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/;
const INSTALLED_GEM = /(?:^|\/)specifications\/(?:default\/)?[^/]+\.gemspec$/;

function isPythonMetadata(path: string, name: string): boolean {
  const folder = path.slice(0, path.length - name.length);
  if (name === 'METADATA') return folder.endsWith('.dist-info/');
  return name !== 'PKG-INFO' || folder.endsWith('.egg-info/') || folder.endsWith('/EGG-INFO/');
}

/** Texts, pictures, archives and what compilers leave; none of them runs by itself. */
const DATA_EXTENSIONS: ReadonlySet<string> = new Set(
  (
    'a afm bmp bz2 c cc cfg class cmake conf cpp crt css csv dat def desktop docx el elc eot gif gir gz h hpp htm html ' +
    'ico idl in inc info ini java jpeg jpg js json jsonl la list lock log lua m4 map md md5sums mjs cjs mo mod mp3 mp4 ' +
    'o otf patch pc pdf pem php pl pm png po pod ps1 py pyc pyi pyo pyx rb rs rst scss service sh sql sum svg tcl ' +
    'template tex tmpl toml ts tsx ttf txt typelib vim wasm webp whl woff woff2 xml xsd xsl xz yaml yml zip zst'
  ).split(' '),
);
