/** Name and version of a source package by the name of its file, `openssl-3.0.7-27.el9.src.rpm`, which has no epoch. */
export function sourceOfFile(fileName: string): { readonly name: string; readonly version: string } | null {
  const [, name, version] = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(fileName) ?? [];
  return name === undefined || version === undefined ? null : { name, version };
}
