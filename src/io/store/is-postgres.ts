/** What a store's address names: a database of a server, or else a file. */
export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:/.test(url);
}
