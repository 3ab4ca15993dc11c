import { Failure } from '../../core/failure.ts';
import { malformed } from '../tar/malformed.ts';
import { readAr } from './ar.ts';
import type { ArMember } from './ar.ts';

const DEB_BYTES_MAX = 4 * 2 ** 30;

/** The two archives inside a .deb, as they are: compressed in the way that their names end. */
export interface DebMembers {
  readonly control: DebMember;
  readonly data: DebMember;
}

export interface DebMember {
  /** `control.tar.xz`, `data.tar.zst`, `data.tar`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Takes a .deb apart (deb(5)): `debian-binary` with format 2.x, then control.tar, then data.tar. Members whose names begin
 * with `_` may stand between and anything may follow; a second control.tar or data.tar may not, since two readers could
 * choose differently. E0404 with the byte offset.
 */
export function debMembers(bytes: Uint8Array, archive: string): DebMembers {
  if (bytes.length > DEB_BYTES_MAX) {
    throw new Failure('E0205', `${archive} is larger than ${DEB_BYTES_MAX} bytes`, { at: archive });
  }
  const [first, ...others] = readAr(bytes, archive);
  const format = Buffer.from(first?.bytes ?? []).toString('latin1');
  if (first?.name !== 'debian-binary' || !/^2\.[0-9]{1,9}\n/.test(format)) {
    throw malformed('does not begin with debian-binary 2.x', { archive, offset: first?.offset ?? 0 });
  }
  const [control, data, ...rest] = others.filter((member) => !member.name.startsWith('_'));
  const members = { control: expected(control, 'control', archive), data: expected(data, 'data', archive) };
  const repeated = rest.find((member) => isTar(member, 'control') || isTar(member, 'data'));
  if (repeated !== undefined)
    throw malformed(`has ${repeated.name} after its data`, { archive, offset: repeated.offset });
  return members;
}

function expected(member: ArMember | undefined, what: 'control' | 'data', archive: string): DebMember {
  if (member === undefined || !isTar(member, what)) {
    throw malformed(`has no ${what}.tar where deb(5) wants it`, { archive, offset: member?.offset ?? 0 });
  }
  return { name: member.name, bytes: member.bytes };
}

function isTar(member: ArMember, what: 'control' | 'data'): boolean {
  return member.name === `${what}.tar` || member.name.startsWith(`${what}.tar.`);
}
