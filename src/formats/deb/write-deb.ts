import { createHash } from 'node:crypto';
import { Failure } from '../../core/failure.ts';
import { embeddedFactsPath, encodeEmbeddedFacts } from '../apk/embedded-facts.ts';
import { packageTree } from '../apk/package-tree.ts';
import { gzip } from '../gzip/gzip.ts';
import { writeAr } from './ar.ts';
import { checkDebInput, encodeControl } from './encode-control.ts';
import { writeGnuTar } from './gnu-tar.ts';
import type { Component } from '../../core/match/inventory.ts';
import type { TarEntry } from '../tar/entry.ts';
import type { ControlInput } from './encode-control.ts';

export interface DebInput extends ControlInput {
  /** SPDX expression; it stands in the embedded document, for a control file has no field for it. */
  readonly license: string;
  /** Unix seconds; also the time of every file inside. */
  readonly builtAt: number;
  readonly components: readonly Component[];
}

/**
 * A .deb (deb(5)); equal input gives equal bytes. The facts about what is inside travel along
 * (formats/apk/embedded-facts.ts). E0101 for text that would inject fields into the control file, E0404 for files that a
 * deb cannot hold.
 */
export function writeDeb(input: DebInput, files: readonly TarEntry[]): Uint8Array {
  checkDebInput(input);
  const tree = debTree(packageTree([...files, embeddedDocument(input)], input.builtAt));
  const members = [
    { name: 'debian-binary', bytes: Buffer.from('2.0\n') },
    { name: 'control.tar.gz', bytes: gzip(writeGnuTar([rootFolder(input), ...controlFiles(input, tree)])) },
    { name: 'data.tar.gz', bytes: gzip(writeGnuTar([rootFolder(input), ...tree])) },
  ];
  return writeAr(members, input.builtAt);
}

function embeddedDocument(input: DebInput): TarEntry {
  return plainFile(input, embeddedFactsPath(input.name, input.version), encodeEmbeddedFacts(input));
}

/** Checksums of apk mean nothing here. A hard link bears its file's mode, which dpkg sets again for each name. */
function debTree(tree: readonly TarEntry[]): readonly TarEntry[] {
  const modes = new Map(tree.map((entry) => [entry.path, entry.mode]));
  return tree.map(({ pax = {}, ...entry }) => {
    // A capability would be lost without a word.
    if (Object.keys(pax).some((key) => key.startsWith('SCHILY.xattr.'))) {
      throw new Failure('E0404', 'A file has extended attributes, and a deb has no place for them', { at: entry.path });
    }
    return entry.kind === 'hardlink' ? { ...entry, mode: modes.get(entry.linkTarget ?? '') ?? entry.mode } : entry;
  });
}

function controlFiles(input: DebInput, tree: readonly TarEntry[]): readonly TarEntry[] {
  const texts: (readonly [string, string])[] = [
    ['conffiles', conffilesOf(tree)],
    ['control', encodeControl(input, installedKiB(tree))],
    ['md5sums', md5sumsOf(tree)],
    ['triggers', triggersOf(tree)],
  ];
  return texts.flatMap(([path, text]) => (text === '' ? [] : [plainFile(input, path, Buffer.from(text))]));
}

/** Files under /etc are configuration (Policy 10.7.2): an administrator's changes to them are kept. */
function conffilesOf(tree: readonly TarEntry[]): string {
  return tree
    .filter((entry) => entry.kind === 'file' && entry.path.startsWith('etc/'))
    .map((entry) => `/${entry.path}\n`)
    .join('');
}

function md5sumsOf(tree: readonly TarEntry[]): string {
  const files = new Map(tree.flatMap((entry) => (entry.kind === 'file' ? [[entry.path, entry] as const] : [])));
  return tree
    .filter((entry) => entry.kind === 'file' || entry.kind === 'hardlink')
    .map((entry) => `${md5(files.get(entry.linkTarget ?? entry.path)?.content)}  ${entry.path}\n`)
    .join('');
}

/** Where a shared library comes or goes, the loader's cache is made anew (deb-triggers(5)), as debhelper has it. */
function triggersOf(tree: readonly TarEntry[]): string {
  const isLibrary = /^(?:usr\/)?lib\/(?:[a-z0-9_]+-linux-[a-z0-9]+\/)?lib[^/]+\.so\.[^/]+$/;
  return tree.some((entry) => isLibrary.test(entry.path)) ? 'activate-noawait ldconfig\n' : '';
}

/** As dpkg-gencontrol counts: each file in whole KiB, one for everything else. */
function installedKiB(tree: readonly TarEntry[]): number {
  return tree.reduce(
    (sum, { kind, content }) => sum + (kind === 'file' ? Math.ceil((content?.length ?? 0) / 1024) : 1),
    0,
  );
}

function rootFolder({ builtAt }: DebInput): TarEntry {
  return { path: '', kind: 'directory', mode: 0o755, uid: 0, gid: 0, mtime: builtAt };
}

function plainFile({ builtAt }: DebInput, path: string, content: Uint8Array): TarEntry {
  return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: builtAt, content };
}

function md5(bytes: Uint8Array = new Uint8Array(0)): string {
  return createHash('md5').update(bytes).digest('hex');
}
