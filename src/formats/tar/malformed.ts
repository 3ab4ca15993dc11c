import { Failure } from '../../core/failure.ts';

/** E0404 that names the archive, the member and the byte offset of its header. */
export function malformed(
  what: string,
  where: { readonly archive: string; readonly offset: number; readonly name?: string },
): Failure {
  const member = where.name === undefined ? '' : `, member ${JSON.stringify(shortened(where.name))}`;
  return new Failure('E0404', `${where.archive} ${what}`, {
    at: `${where.archive}: byte ${where.offset}${member}`,
    kept: 'nothing of it was used',
  });
}

function shortened(name: string): string {
  return name.length > 200 ? `${name.slice(0, 200)}…` : name;
}
