import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sysusersOf } from './sysusers.ts';
import type { Sysuser } from './sysusers.ts';

const user = (name: string, more: Partial<Sysuser> = {}): Sysuser => ({
  kind: 'user',
  name,
  id: null,
  gid: null,
  gecos: '',
  home: '/',
  shell: '/usr/sbin/nologin',
  groups: [],
  ...more,
});
const group = (name: string, id: number | null = null): Sysuser => ({
  ...user(name, { kind: 'group', id, home: '', shell: '' }),
});

for (const [text, expected] of [
  ['', []],
  ['# u x 1\n\n', []],
  ['u messagebus - "System Message Bus"', [user('messagebus', { gecos: 'System Message Bus' })]],
  ['u root 0 - /root', [user('root', { id: 0, home: '/root', shell: '/bin/sh' })]],
  [
    'u! _apt 42:65534 - /nonexistent /bin/x',
    [user('_apt', { id: 42, gid: 65534, home: '/nonexistent', shell: '/bin/x' })],
  ],
  ['g web 7\nu web -:web', [group('web', 7), user('web', { gid: 7 })]],
  ['u x /usr/bin/x', [user('x')]],
  ['r - 500-900', []],
  ['g a 1\ng a 2\nu a 3', [group('a', 1), user('a', { id: 3 })]],
  [
    'u a 3\nm a kvm\nm a kvm\nm b kvm',
    [user('a', { id: 3, groups: ['kvm'] }), group('kvm'), user('b', { groups: ['kvm'] })],
  ],
  [`u a - 'it is' -\n`, [user('a', { gecos: 'it is' })]],
] as readonly (readonly [string, readonly Sysuser[]])[]) {
  test(`sysusersOf() reads: ${JSON.stringify(text)}`, () => {
    assert.deepEqual(sysusersOf(text), expected);
  });
}

for (const text of [
  'x a',
  'u',
  'u a:b 1',
  'u 1a 1',
  'u a -1',
  'u a 1:2:3',
  'u a 1 x:y:z',
  'u a 1 - /:/bin/sh',
  'u a 1 "a\tb"',
  'u a 1 - %S/x',
  'u a 1 - / /bin/sh more',
  'g a 1:2',
  'm a',
]) {
  test(`sysusersOf() refuses: ${text}`, () => {
    assert.throws(() => sysusersOf(text), { code: 'E0404' });
  });
}
