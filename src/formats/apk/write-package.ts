import { createHash } from 'node:crypto';
import { Failure } from '../../core/failure.ts';
import { isValidApk } from '../../core/version/apk.ts';
import { gzip } from '../gzip/gzip.ts';
import { writeTar } from '../tar/write-tar.ts';
import { apkArchitecture } from './architecture.ts';
import { embeddedFactsPath, encodeEmbeddedFacts } from './embedded-facts.ts';
import { encodePackageInfo, packageName } from './package-info.ts';
import { packageTree } from './package-tree.ts';
import type { Architecture } from '../../core/fact.ts';
import type { Component } from '../../core/match/inventory.ts';
import type { TarEntry } from '../tar/entry.ts';

export interface PackageInput {
  readonly name: string;
  /** With revision: `1.0.1-r0`. */
  readonly version: string;
  readonly architecture: Architecture;
  /** Recipe that it comes from. */
  readonly origin: string;
  readonly description: string;
  /** SPDX expression. */
  readonly license: string;
  readonly url: string;
  readonly commit: string | null;
  /** Unix seconds; also the time of every file inside. */
  readonly builddate: number;
  readonly dependencies: readonly string[];
  readonly provides: readonly string[];
  readonly replaces?: readonly string[];
  readonly components: readonly Component[];
}

export interface PackageSigner {
  /** File name under /etc/apk/keys, ending in `.rsa.pub`. */
  readonly keyName: string;
  /** PKCS#1 v1.5 over SHA-256 of the bytes it is given. */
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

/**
 * An apk, version 2: signature (when a signer is given), control and data member, each one gzip member; equal input
 * gives equal bytes. The facts about what is inside travel along (embedded-facts.ts). E0101 for text that would inject
 * lines into the package's own description, E0404 for paths that apk cannot hold.
 */
export function writePackage(input: PackageInput, files: readonly TarEntry[], signer?: PackageSigner): Uint8Array {
  validate(input);
  const tree = packageTree([...files, embeddedDocument(input)], input.builddate);
  const data = gzip(writeTar(tree));
  const control = gzip(writeTar([controlFile(input, tree, data)], { end: false }));
  const members = signer === undefined ? [control, data] : [signatureMember(signer, control), control, data];
  return Buffer.concat(members);
}

function embeddedDocument(input: PackageInput): TarEntry {
  const content = encodeEmbeddedFacts({ ...input, builtAt: input.builddate });
  const path = embeddedFactsPath(input.name, input.version);
  return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, content };
}

function controlFile(input: PackageInput, tree: readonly TarEntry[], data: Uint8Array): TarEntry {
  const text = encodePackageInfo({
    name: input.name,
    version: input.version,
    architecture: apkArchitecture(input.architecture),
    installedSizeBytes: tree.reduce((sum, entry) => sum + (entry.content?.length ?? 0), 0),
    origin: input.origin,
    description: input.description,
    url: input.url,
    commit: input.commit ?? '',
    maintainer: '',
    builtAt: input.builddate,
    license: input.license,
    dependencies: input.dependencies.toSorted(),
    provides: input.provides.toSorted(),
    replaces: (input.replaces ?? []).toSorted(),
    providerPriority: 0,
    dataHash: createHash('sha256').update(data).digest('hex'),
  });
  return plainFile('.PKGINFO', Buffer.from(text), input.builddate);
}

function signatureMember(signer: PackageSigner, control: Uint8Array): Uint8Array {
  const signature = plainFile(`.SIGN.RSA256.${signer.keyName}`, signer.sign(control), 0);
  return gzip(writeTar([signature], { end: false }));
}

function plainFile(path: string, content: Uint8Array, mtime: number): TarEntry {
  return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime, content };
}

function validate(input: PackageInput): void {
  if (!packageName.test(input.name)) throw invalid(input, 'name', 'is no package name');
  if (!isValidApk(input.version) || !/-r[0-9]+$/.test(input.version))
    throw invalid(input, 'version', 'is no version with revision');
  if (!Number.isSafeInteger(input.builddate) || input.builddate < 0)
    throw invalid(input, 'builddate', 'is no time in seconds');
  for (const field of ['origin', 'description', 'license', 'url', 'commit'] as const) {
    // oxlint-disable-next-line no-control-regex -- a line break here would add lines of its own to .PKGINFO
    if (/[\x00-\x1f\x7f]/.test(input[field] ?? '')) throw invalid(input, field, 'holds a control character');
  }
  for (const field of ['dependencies', 'provides', 'replaces'] as const) {
    // oxlint-disable-next-line no-control-regex -- a blank ends a dependency in the database
    const bad = (input[field] ?? []).find((text) => text === '' || /[\x00-\x20\x7f]/.test(text));
    if (bad !== undefined) throw invalid(input, field, 'holds an entry with a blank or a control character');
  }
}

function invalid(input: PackageInput, field: string, what: string): Failure {
  return new Failure('E0101', `The ${field} of package ${JSON.stringify(input.name)} ${what}`, { at: field });
}
