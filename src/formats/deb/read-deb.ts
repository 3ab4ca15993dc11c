import { Failure } from '../../core/failure.ts';
import { readTar } from '../tar/read-tar.ts';
import { utf8 } from '../tar/pax-records.ts';
import { binaryFields } from './binary-fields.ts';
import { parseStanza } from './control-file.ts';
import type { AvailablePackage } from '../../core/resolve/available-package.ts';
import type { TarEntry } from '../tar/entry.ts';
import type { Stanza } from './control-file.ts';

/** A binary package, read from the bytes of its .deb. */
export interface DebPackage {
  readonly info: DebInfo;
  /** The control file as it is, for the database of installed packages. */
  readonly stanza: string;
  /** Their text; nothing here ever runs them. */
  readonly scripts: ReadonlyMap<DebScript, string>;
  /** Absolute paths of files that an administrator may change. */
  readonly conffiles: readonly string[];
  /** The md5sums file, or empty. */
  readonly md5sums: string;
  /** The triggers file (deb-triggers(5)), or empty. */
  readonly triggers: string;
  /** The shlibs file (deb-shlibs(5)), or empty. */
  readonly shlibs: string;
  readonly files: readonly TarEntry[];
}

export interface DebInfo extends Omit<AvailablePackage, 'suite' | 'file' | 'priority'> {
  readonly maintainer: string;
  /** The first line, the synopsis. */
  readonly description: string;
  readonly homepage: string;
  /** As the package states it, 0 when it does not. */
  readonly installedSizeBytes: number;
}

export type DebScript = (typeof debScripts)[number];

const debScripts = ['preinst', 'postinst', 'prerm', 'postrm', 'config'] as const;

const CONTROL_FILE_BYTES_MAX = 16 * 2 ** 20;

/**
 * Reads a .deb from its two archives, already uncompressed. E0404 when anything in them is malformed or has no place in
 * an installed tree, E0205 when it is too large.
 */
export function readDeb(
  tars: { readonly control: Uint8Array; readonly data: Uint8Array },
  { archive }: { readonly archive: string },
): DebPackage {
  const control = readTar(tars.control, { archive: `${archive} control`, entriesMax: 1000 });
  const texts = new Map(control.map((entry) => [entry.path, controlText(entry, archive)]));
  const stanza = texts.get('control');
  if (stanza === undefined) throw new Failure('E0404', `${archive} has no control file`, { at: archive });
  return {
    info: infoOf(parseStanza(stanza, `${archive} control`), archive),
    stanza,
    scripts: new Map(
      debScripts.flatMap((name) => {
        const text = texts.get(name);
        return text === undefined ? [] : [[name, text] as const];
      }),
    ),
    conffiles: conffilesOf(texts.get('conffiles') ?? '', archive),
    md5sums: texts.get('md5sums') ?? '',
    triggers: texts.get('triggers') ?? '',
    shlibs: texts.get('shlibs') ?? '',
    files: readTar(tars.data, { archive: `${archive} data`, symlinks: 'in-root' }),
  };
}

function controlText(entry: TarEntry, archive: string): string {
  const at = `${archive} control: ${entry.path}`;
  if (entry.kind !== 'file')
    throw new Failure('E0404', `${archive} has something in its control that is no file`, { at });
  const content = entry.content ?? new Uint8Array(0);
  if (content.length > CONTROL_FILE_BYTES_MAX) {
    throw new Failure('E0205', `${archive} has a control file of more than ${CONTROL_FILE_BYTES_MAX} bytes`, { at });
  }
  // Old maintainer scripts may hold a name in another encoding; the control file may not (Policy 5.1).
  const text = utf8(content) ?? (entry.path === 'control' ? undefined : Buffer.from(content).toString('latin1'));
  if (text === undefined) throw new Failure('E0404', `${archive} has a control file that is not UTF-8`, { at });
  return text;
}

function infoOf(stanza: Stanza, archive: string): DebInfo {
  const at = `${archive} control`;
  const { priority: _priority, ...fields } = binaryFields(stanza, at);
  const installedSize = stanza.get('installed-size') ?? '0';
  if (!/^[0-9]{1,12}$/.test(installedSize)) {
    throw new Failure('E0404', `${archive} states an Installed-Size that is no number`, { at });
  }
  return {
    ...fields,
    maintainer: stanza.get('maintainer') ?? '',
    description: stanza.get('description')?.split('\n')[0] ?? '',
    homepage: stanza.get('homepage') ?? '',
    installedSizeBytes: Number(installedSize) * 1024,
  };
}

/** One absolute path a line; those that a flag marks for removal are not part of the package (deb-conffiles(5)). */
function conffilesOf(text: string, archive: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const paths = lines.filter((line) => line !== '' && !line.startsWith('remove-on-upgrade '));
  const bad = paths.find((path) => !path.startsWith('/'));
  if (bad !== undefined) {
    throw new Failure('E0404', `${archive} has a conffile whose path is not absolute`, { at: `${archive} conffiles` });
  }
  return paths;
}
