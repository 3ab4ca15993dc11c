import { createHash } from 'node:crypto';
import { Failure } from '../../core/failure.ts';
import { neededField, sourceOf } from './binary-fields.ts';
import { parseStanza, parseStanzas } from './control-file.ts';
import { checkedName, shown } from './policy-words.ts';
import type { Stanza } from './control-file.ts';
import type { DebPackage } from './read-deb.ts';

/** One package as dpkg's database keeps it. */
export interface InstalledDeb {
  readonly name: string;
  readonly version: string;
  /** `all` where it is not stated. */
  readonly architecture: string;
  readonly source: { readonly name: string; readonly version: string };
  readonly maintainer: string;
  readonly homepage: string;
  /** The first line, the synopsis. */
  readonly description: string;
}

const DATABASE_BYTES_MAX = 128 * 2 ** 20;

/**
 * The packages that are there by `var/lib/dpkg/status`, or of one file of `var/lib/dpkg/status.d`, whose stanzas have no Status
 * and are always installed. E0404 when a record is damaged or lacks name or version: a reader that drops such a record
 * would report the package as absent.
 */
export function parseStatus(bytes: Uint8Array, at: string): readonly InstalledDeb[] {
  if (bytes.length > DATABASE_BYTES_MAX) {
    throw new Failure('E0205', `The package database ${at} is larger than ${DATABASE_BYTES_MAX} bytes`, { at });
  }
  return parseStanzas(new TextDecoder().decode(bytes), at).flatMap((stanza) => {
    const status = stanza.get('status');
    // What was only unpacked, or half of it, lies on the disk as well.
    const isThere = status === undefined || !/ (?:not-installed|config-files)$/.test(status);
    return isThere ? [installedDeb(stanza, at)] : [];
  });
}

/** Whether a file of `var/lib/dpkg/status.d` is a record; beside some lies `NAME.md5sums`. */
export function isStatusRecord(fileName: string): boolean {
  return !fileName.endsWith('.md5sums');
}

/**
 * The record of an installed package, with the blank line that ends it: the control file's own text, Status in second
 * place, and the configuration files with the MD5 of what was shipped, by which dpkg knows an administrator's changes.
 */
export function statusRecord(deb: Pick<DebPackage, 'stanza' | 'conffiles' | 'files'>): string {
  const at = 'control';
  const stanza = parseStanza(deb.stanza, at);
  for (const field of ['status', 'conffiles']) {
    if (stanza.has(field)) throw new Failure('E0404', `A package states the ${field} that only dpkg may state`, { at });
  }
  // A name over two lines would have Status in its middle.
  checkedName(neededField(stanza, 'package', at), at);
  const lines = deb.stanza.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const head = lines.findIndex((line) => /^package:/i.test(line));
  const others = lines.toSpliced(head, 1);
  return [lines[head], 'Status: install ok installed', ...others, ...conffileLines(deb), '', ''].join('\n');
}

function conffileLines({ conffiles, files }: Pick<DebPackage, 'conffiles' | 'files'>): readonly string[] {
  const byPath = new Map(files.map((file) => [`/${file.path}`, file]));
  const known = conffiles.flatMap((path) => {
    const entry = byPath.get(path);
    const file = entry?.kind === 'hardlink' ? byPath.get(`/${entry.linkTarget ?? ''}`) : entry;
    return file?.content === undefined ? [] : [` ${path} ${createHash('md5').update(file.content).digest('hex')}`];
  });
  return known.length === 0 ? [] : ['Conffiles:', ...known];
}

function installedDeb(stanza: Stanza, database: string): InstalledDeb {
  const name = stanza.get('package') ?? '';
  const at = `${database}: ${name}`;
  const version = stanza.get('version') ?? '';
  for (const word of [name, version]) {
    // What no package of any distribution has; everything beyond that is dpkg's to judge, which took it.
    if (!/^[^\s/]{1,300}$/.test(word)) {
      throw new Failure('E0404', `The package database has a record whose name or version is ${shown(word)}`, { at });
    }
  }
  return {
    name,
    version,
    architecture: stanza.get('architecture') ?? 'all',
    source: sourceOf(stanza, { name, version, at }),
    maintainer: stanza.get('maintainer') ?? '',
    homepage: stanza.get('homepage') ?? '',
    description: stanza.get('description')?.split('\n')[0] ?? '',
  };
}
