import { createHash } from 'node:crypto';
import { Failure } from '../../core/failure.ts';
import { gunzipMembers } from '../gzip/gunzip.ts';
import { readTar } from '../tar/read-tar.ts';
import { embeddedFactsPath, parseEmbeddedFacts } from './embedded-facts.ts';
import { parsePackageInfo } from './package-info.ts';
import { checksumKey, checksumOf, packagePathProblem } from './package-tree.ts';
import type { Component } from '../../core/match/inventory.ts';
import type { GzipMember } from '../gzip/gunzip.ts';
import type { TarEntry } from '../tar/entry.ts';
import type { PackageInfo } from './package-info.ts';

/** An apk whose chain control -> datahash -> data -> file checksums holds. */
export interface ApkPackage {
  readonly info: PackageInfo;
  /** `Q1` and the base64 SHA-1 of the control member: what apk calls a package's identity. */
  readonly identity: string;
  readonly files: readonly TarEntry[];
  /** The data member: an ordinary gzipped tar, which can serve as an image layer as it is. */
  readonly data: GzipMember;
  /** What the embedded document says is inside; empty for packages of other makers. */
  readonly components: readonly Component[];
  /** Names of install scripts; nothing here ever runs them. */
  readonly scripts: readonly string[];
  readonly signature: PackageSignature | null;
}

export interface PackageSignature {
  readonly algorithm: 'RSA' | 'RSA256' | 'RSA512' | 'DSA';
  readonly keyName: string;
  readonly bytes: Uint8Array;
  /** What was signed: the compressed control member. */
  readonly signedBytes: Uint8Array;
}

export interface ReadPackageOptions {
  /** For messages: `hello-1.0.1-r0.apk`. */
  readonly archive: string;
  readonly outputBytesMax?: number;
}

const OUTPUT_BYTES_MAX = 2 ** 31;
const CONTROL_BYTES_MAX = 16 * 2 ** 20;

/**
 * Takes an apk, version 2, apart (signature?, control, data: one gzip member each) and checks every link but the
 * signature itself, which needs a key. E0404 malformed, E0301 a hash that does not match, E0205 too large.
 */
export function readPackage(bytes: Uint8Array, options: ReadPackageOptions): ApkPackage {
  const { archive } = options;
  const members = gunzipMembers(bytes, {
    what: archive,
    outputBytesMax: options.outputBytesMax ?? OUTPUT_BYTES_MAX,
    membersMax: 3,
  });
  const [data, control, signature, ...others] = members.toReversed();
  if (data === undefined || control === undefined || others.length > 0) {
    throw new Failure('E0404', `${archive} is not made of two or three gzip members`, { at: archive });
  }
  const controlFiles = readSmall(control, `${archive} control`);
  const info = infoOf(controlFiles, archive);
  const dataHash = createHash('sha256').update(data.compressed).digest('hex');
  if (dataHash !== info.dataHash) throw mismatch(archive, 'Its data is not the data that its control section names');
  const files = readTar(data.content, { archive: `${archive} data` });
  checkFiles(files, archive);
  const document = files.find((file) => file.path === embeddedFactsPath(info.name, info.version));
  return {
    info,
    identity: `Q1${createHash('sha1').update(control.compressed).digest('base64')}`,
    files,
    data,
    components: document?.content === undefined ? [] : parseEmbeddedFacts(document.content, info.name, document.path),
    scripts: controlFiles
      .map((file) => file.path)
      .filter((path) => path !== '.PKGINFO' && /^\.(pre|post|trigger)/.test(path)),
    signature: signature === undefined ? null : signatureOf(signature, control, archive),
  };
}

function readSmall(member: GzipMember, archive: string): TarEntry[] {
  if (member.content.length > CONTROL_BYTES_MAX) {
    throw new Failure('E0205', `${archive} is larger than ${CONTROL_BYTES_MAX} bytes`, { at: archive });
  }
  return readTar(member.content, { archive, end: 'absent', entriesMax: 100 });
}

function infoOf(files: readonly TarEntry[], archive: string): PackageInfo {
  const [first] = files;
  if (first?.path !== '.PKGINFO' || first.content === undefined) {
    throw new Failure('E0404', `${archive} does not begin its control section with .PKGINFO`, { at: archive });
  }
  return parsePackageInfo(new TextDecoder().decode(first.content), archive);
}

function checkFiles(files: readonly TarEntry[], archive: string): void {
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const file of files) {
    const problem = packagePathProblem(file.path);
    if (problem !== undefined)
      throw new Failure('E0404', `${archive} has ${problem}`, { at: `${archive}: ${file.path}` });
    const target = file.kind === 'hardlink' ? byPath.get(file.linkTarget ?? '') : undefined;
    const stated = file.pax?.[checksumKey];
    if (file.kind === 'directory' || (stated === undefined && file.kind === 'hardlink')) continue;
    if (stated === undefined)
      throw new Failure('E0404', `${archive} has a file without checksum`, { at: `${archive}: ${file.path}` });
    if (stated !== checksumOf(file, target))
      throw mismatch(`${archive}: ${file.path}`, 'Its content is not what its checksum says');
  }
}

function signatureOf(member: GzipMember, control: GzipMember, archive: string): PackageSignature {
  const [file, ...others] = readSmall(member, `${archive} signature`);
  const named = /^\.SIGN\.(RSA|RSA256|RSA512|DSA)\.([A-Za-z0-9@._+-]+)$/.exec(file?.path ?? '');
  const algorithm = signatureAlgorithm(named?.[1]);
  if (file?.content === undefined || algorithm === undefined || others.length > 0) {
    throw new Failure('E0404', `${archive} has three gzip members but the first holds no signature`, { at: archive });
  }
  return { algorithm, keyName: named?.[2] ?? '', bytes: file.content, signedBytes: control.compressed };
}

function signatureAlgorithm(text: string | undefined): PackageSignature['algorithm'] | undefined {
  return (['RSA', 'RSA256', 'RSA512', 'DSA'] as const).find((algorithm) => algorithm === text);
}

function mismatch(at: string, sentence: string): Failure {
  return new Failure('E0301', sentence, { at, kept: 'nothing of it was used' });
}
