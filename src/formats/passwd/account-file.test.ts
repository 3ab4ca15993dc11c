import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accountsOfFile } from './account-file.ts';

test('accountsOfFile() reads users', () => {
  const text = 'root:x:0:0:root:/root:/bin/bash\r\n_apt:x:42:65534::/nonexistent:\nnobody:*:65534:65534:n:/:/bin/false';
  assert.deepEqual(accountsOfFile('etc/passwd', Buffer.from(text)), [
    { kind: 'user', name: 'root', id: 0, groupId: 0, home: '/root', shell: '/bin/bash' },
    { kind: 'user', name: '_apt', id: 42, groupId: 65534, home: '/nonexistent', shell: '' },
    { kind: 'user', name: 'nobody', id: 65534, groupId: 65534, home: '/', shell: '/bin/false' },
  ]);
});

test('accountsOfFile() reads groups', () => {
  assert.deepEqual(accountsOfFile('etc/group', Buffer.from('adm:x:4:syslog,app\nroot:x:0:\n')), [
    { kind: 'group', name: 'adm', id: 4, members: ['syslog', 'app'] },
    { kind: 'group', name: 'root', id: 0, members: [] },
  ]);
});

test('accountsOfFile() passes over damaged lines, and over a second line for a name', () => {
  const lines = [
    '',
    '#a:x:1:1::/:',
    '+::::::',
    'b:x:1:1::/',
    'c:x::1::/:',
    'd:x:-1:1::/:',
    ':x:1:1::/:',
    'e f:x:1:1::/:',
    'g:x:1:1::/:',
    'g:x:2:2::/:',
  ];
  assert.deepEqual(
    accountsOfFile('etc/passwd', Buffer.from(lines.join('\n')))?.map(({ name, id }) => `${name} ${id}`),
    ['g 1'],
  );
});

test('accountsOfFile() is undefined for other files', () => {
  assert.equal(accountsOfFile('etc/passwd-', Buffer.from('')), undefined);
  assert.equal(accountsOfFile('usr/etc/passwd', Buffer.from('')), undefined);
});

test('accountsOfFile() reads no more than a mebibyte and ten thousand accounts', () => {
  const many = Array.from({ length: 10_001 }, (_, i) => `u${i}:x:${i}:\n`).join('');
  assert.equal(accountsOfFile('etc/group', Buffer.from(many))?.length, 10_000);
  assert.deepEqual(accountsOfFile('etc/group', Buffer.from(`${'#'.repeat(2 ** 20)}\na:x:1:\n`)), []);
});

test('accountsOfFile() answers whatever the bytes are', () => {
  fc.assert(
    fc.property(fc.constantFrom('etc/passwd', 'etc/group'), fc.uint8Array({ maxLength: 200 }), (path, bytes) => {
      assert.ok(Array.isArray(accountsOfFile(path, bytes)));
    }),
  );
});
