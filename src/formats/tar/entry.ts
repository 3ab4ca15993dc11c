/** One member of a tar archive or file tree. Paths are relative, without `./` and without a trailing slash. */
export interface TarEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'hardlink';
  /** Permission bits only: 0o755. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Unix seconds. */
  readonly mtime: number;
  /** Target text of links. */
  readonly linkTarget?: string;
  /** Content of files. */
  readonly content?: Uint8Array;
  /** PAX records beyond the ones that the writer makes itself (`APK-TOOLS.checksum.SHA1`, xattrs). */
  readonly pax?: Readonly<Record<string, string>>;
}
