import { Failure } from '../../core/failure.ts';
import { shown } from './policy-words.ts';

/** An account that a package declares (sysusers.d(5)). */
export interface Sysuser {
  readonly kind: 'user' | 'group';
  readonly name: string;
  /** Of the user, or of the group; null where the system is free to choose. */
  readonly id: number | null;
  /** The user's main group, where it is not the one that bears its name and number. */
  readonly gid: number | null;
  readonly gecos: string;
  readonly home: string;
  readonly shell: string;
  /** Other groups that the user belongs to. */
  readonly groups: readonly string[];
}

const TEXT_CHARACTERS_MAX = 2 ** 20;

/** The accounts of one or more files, in order, the first of each name. E0404 for a line that sysusers.d(5) does not know. */
export function sysusersOf(text: string): readonly Sysuser[] {
  if (text.length > TEXT_CHARACTERS_MAX) {
    throw new Failure('E0205', `A sysusers.d file has more than ${TEXT_CHARACTERS_MAX} characters`);
  }
  const lines = text.split('\n').flatMap((line, index) => lineOf(line, `sysusers.d:${index + 1}`) ?? []);
  const groupIds = new Map(
    lines.flatMap((line) => (line.type === 'g' ? [[line.name, numberOf(line.id)] as const] : [])),
  );
  const accounts = new Map<string, Sysuser>();
  for (const line of lines) {
    const key = `${line.type === 'g' ? 'group' : 'user'} ${line.name}`;
    if (line.type !== 'm' && !accounts.has(key)) accounts.set(key, sysuserOf(line, groupIds));
  }
  for (const { type, name, id: group } of lines) {
    if (type !== 'm') continue;
    // "If necessary, the user and group are created" (sysusers.d(5)).
    const user = accounts.get(`user ${name}`) ?? sysuserOf({ ...nobodySaid, type: 'u', name }, groupIds);
    accounts.set(`user ${name}`, { ...user, groups: [...new Set([...user.groups, group])] });
    if (!accounts.has(`group ${group}`) && !accounts.has(`user ${group}`)) {
      accounts.set(`group ${group}`, sysuserOf({ ...nobodySaid, type: 'g', name: group }, groupIds));
    }
  }
  return [...accounts.values()];
}

interface Line {
  readonly type: 'u' | 'g' | 'm';
  readonly name: string;
  readonly id: string;
  readonly gecos: string;
  readonly home: string;
  readonly shell: string;
}

const nobodySaid = { id: '-', gecos: '', home: '', shell: '' } as const;

/** Fields by blanks, quoted where they hold some; undefined for comments, and for `r`, which is about ranges of numbers. */
function lineOf(line: string, at: string): Line | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#') || /^r\s/.test(text)) return undefined;
  const words = [...text.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double?.replace(/\\(.)/g, '$1') ?? single ?? bare ?? '',
  );
  const [type = '', name = '', ...rest] = words;
  const [id = '-', gecos = '', home = '', shell = ''] = rest.map((word) => (word === '-' ? '' : word));
  const kind = ({ u: 'u', 'u!': 'u', g: 'g', m: 'm' } as const)[type];
  const isName = (word: string) => /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/.test(word);
  // oxlint-disable-next-line no-control-regex -- the values become fields of passwd(5)
  const areFields = rest.length <= 4 && rest.every((word) => !/[\x00-\x1f\x7f%]/.test(word));
  const arePlain = [gecos, home, shell].every((word) => !word.includes(':'));
  const isRight = areFields && arePlain && isName(name) && (kind === 'm' ? isName(id) : isId(id, kind));
  if (kind === undefined || !isRight) {
    throw new Failure('E0404', `The line ${shown(text)} declares no account that can be understood`, { at });
  }
  return { type: kind, name, id: id === '' ? '-' : id, gecos, home, shell };
}

/** A number, one with a group behind it, or a path whose owner it would take, which leaves it open here. */
function isId(id: string, kind: 'u' | 'g' | undefined): boolean {
  if (id === '' || id === '-' || /^\/[^:]*$/.test(id) || /^[0-9]{1,10}$/.test(id)) return true;
  return kind === 'u' && /^(?:[0-9]{1,10}|-):(?:[0-9]{1,10}|[A-Za-z_][A-Za-z0-9_.-]{0,63})$/.test(id);
}

function sysuserOf(line: Line, groupIds: ReadonlyMap<string, number | null>): Sysuser {
  const { name, gecos } = line;
  if (line.type === 'g') {
    return { kind: 'group', name, id: numberOf(line.id), gid: null, gecos: '', home: '', shell: '', groups: [] };
  }
  const [id = '', group] = line.id.split(':');
  return {
    kind: 'user',
    name,
    id: numberOf(id),
    gid: group === undefined ? null : (numberOf(group) ?? groupIds.get(group) ?? null),
    gecos,
    home: line.home === '' ? '/' : line.home,
    shell: line.shell === '' ? (id === '0' ? '/bin/sh' : '/usr/sbin/nologin') : line.shell,
    groups: [],
  };
}

function numberOf(text: string): number | null {
  return /^[0-9]{1,10}$/.test(text) ? Number(text) : null;
}
