import type { Digest } from '../../core/digest.ts';
import type { SharedLibraryOwner } from '../../formats/deb/shlibs.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';

/** A throwaway place to build one package in: a read-only root and a writable /home/build. */
export interface BuildWorkspace {
  readonly isolation: 'bubblewrap' | 'unshare' | 'none';
  /** Digest of the root folder's content. */
  readonly rootDigest: Digest;
  /** What the root was made of, where it was made of Debian packages: text, a package a line. */
  readonly rootLock: Uint8Array | null;
  /** Which packages of the root answer to which libraries (deb-shlibs(5)). */
  readonly shlibs: readonly SharedLibraryOwner[];
  /** Writes files below /home/build. */
  unpack(entries: readonly TarEntry[]): Promise<void>;
  /** Changes the files below /home/build exactly as the patch says, or not at all: null, or git's words why not. */
  applyPatch(patch: Uint8Array): Promise<string | null>;
  /** Runs shell text in /home/build. */
  runStep(script: string, environment: Readonly<Record<string, string>>): Promise<StepRun>;
  /** What the steps left in a folder below /home/build, as a package may hold it. E0402 for anything else. */
  collect(folder: string, mtime: number): Promise<readonly TarEntry[]>;
  /** Runs shell text in an empty /home/build, with the files laid over the root. */
  runTest(script: string, environment: Readonly<Record<string, string>>, files: readonly TarEntry[]): Promise<StepRun>;
  /** Removes everything. */
  close(): Promise<void>;
}

export interface StepRun {
  /** Null when it was killed. */
  readonly exitCode: number | null;
  readonly killedBy: 'timeout' | 'memory' | 'signal' | null;
  /** The end of what it wrote, both streams as they came. */
  readonly output: string;
  readonly seconds: number;
}
