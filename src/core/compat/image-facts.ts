import type { InventoryPackage } from '../match/inventory.ts';

/** What users of an image can come to rely on, read from its bytes. */
export interface ImageFacts {
  readonly architecture: string;
  readonly config: ConfigFacts;
  /** The merged tree, by path without leading slash. */
  readonly files: ReadonlyMap<string, FileFact>;
  readonly packages: readonly InventoryPackage[];
  /** Of etc/passwd and etc/group, as the merged tree has them. */
  readonly accounts: readonly Account[];
  /** Of the compressed layers together. */
  readonly sizeBytes: number;
}

export interface ConfigFacts {
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workDir: string;
  readonly user: string;
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly stopSignal: string;
}

export interface FileFact {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'hardlink';
  /** Permission bits, set-user-id and set-group-id among them. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  /** SHA-256, hex, of a file's content; the target of a link; empty for folders. */
  readonly content: string;
  /** Of shared libraries in the places where the loader looks: what programs are linked to, `memcpy@@GLIBC_2.14` where symbols have versions. */
  readonly library?: { readonly soname: string; readonly symbols: readonly string[] };
  /** Of etc/passwd and etc/group: who is listed there. */
  readonly accounts?: readonly Account[];
}

/** Who may own files and run programs: passwd(5), group(5). */
export type Account =
  | {
      readonly kind: 'user';
      readonly name: string;
      readonly id: number;
      readonly groupId: number;
      readonly home: string;
      readonly shell: string;
    }
  | { readonly kind: 'group'; readonly name: string; readonly id: number; readonly members: readonly string[] };
