import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../core/failure.ts';
import { encodePaxRecords } from './pax-records.ts';
import { readTar } from './read-tar.ts';
import { writeTar } from './write-tar.ts';
import type { TarEntry } from './entry.ts';
import type { TarLimits } from './read-tar.ts';

test('readTar() reads what the tar command writes in the form before ustar, which automake writes', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'suture-tar-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'a'));
  writeFileSync(join(folder, 'a/file'), 'hello');
  linkSync(join(folder, 'a/file'), join(folder, 'a/hard'));
  symlinkSync('file', join(folder, 'a/link'));
  const tar = execFileSync('tar', ['--format=v7', '--sort=name', '-C', folder, '-cf', '-', 'a']);
  assert.deepEqual(
    readTar(tar).map(({ kind, path, linkTarget }) => [kind, path, linkTarget]),
    [
      ['directory', 'a', undefined],
      ['file', 'a/file', undefined],
      ['hardlink', 'a/hard', 'a/file'],
      ['symlink', 'a/link', 'file'],
    ],
  );
});

test('readTar() reads what the tar command writes: posix, gnu and ustar, long names, links, the ./ in front', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'suture-tar-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const long = `${'d'.repeat(60)}/${'e'.repeat(60)}`;
  mkdirSync(join(folder, 'a', long), { recursive: true });
  writeFileSync(join(folder, 'a', long, 'file'), 'hello');
  symlinkSync('nowhere', join(folder, 'a', 'link'));
  for (const format of ['posix', 'gnu', 'ustar']) {
    const tar = execFileSync('tar', [`--format=${format}`, '--sort=name', '-C', folder, '-cf', '-', '.']);
    const entries = readTar(tar);
    assert.deepEqual(
      entries.map((entry) => [entry.kind, entry.path, entry.linkTarget ?? Buffer.from(entry.content ?? []).toString()]),
      [
        ['directory', 'a', ''],
        ['directory', `a/${'d'.repeat(60)}`, ''],
        ['directory', `a/${long}`, ''],
        ['file', `a/${long}/file`, 'hello'],
        ['symlink', 'a/link', 'nowhere'],
      ],
      format,
    );
  }
});

const file = header({ name: 'x', type: '0', size: 1 });
const body = block('1');
const end = new Uint8Array(1024);

const hostile: readonly {
  readonly what: string;
  readonly bytes: Uint8Array;
  readonly message: RegExp;
  readonly offset: number;
  readonly limits?: Partial<TarLimits>;
}[] = [
  { what: 'an absolute path', bytes: archive(header({ name: '/etc/passwd' })), message: /absolute path/, offset: 0 },
  { what: 'a path that climbs', bytes: archive(header({ name: 'a/../../x' })), message: /climbs out/, offset: 0 },
  { what: 'dots after ./', bytes: archive(header({ name: './../x' })), message: /climbs out/, offset: 0 },
  { what: 'an empty name', bytes: archive(header({ name: '' })), message: /without a name/, offset: 0 },
  { what: 'an empty segment', bytes: archive(header({ name: 'a//b' })), message: /plain form/, offset: 0 },
  { what: 'a file name ending in a slash', bytes: archive(header({ name: 'a/' })), message: /plain form/, offset: 0 },
  { what: 'a file called ./', bytes: archive(header({ name: './' })), message: /without a name/, offset: 0 },
  {
    what: 'a name that is not UTF-8',
    bytes: archive(header({ name: Buffer.from([0xff, 0xfe]) })),
    message: /not UTF-8/,
    offset: 0,
  },
  {
    what: 'a path behind a symbolic link',
    bytes: archive(link('2', 'a', 'tmp'), header({ name: 'a/x' })),
    message: /goes through a symbolic link/,
    offset: 512,
  },
  {
    what: 'a path behind a file',
    bytes: archive(header({ name: 'a' }), header({ name: 'a/b/c' })),
    message: /goes through a file/,
    offset: 512,
  },
  {
    what: 'a link in the place of a folder',
    bytes: archive(header({ name: 'a/x' }), link('2', 'a', '/tmp')),
    message: /place of a folder/,
    offset: 512,
  },
  {
    what: 'a symbolic link above the root',
    bytes: archive(link('2', 'a/b', '../../x')),
    message: /leads out of it/,
    offset: 0,
  },
  {
    what: 'an absolute symbolic link in a source tree',
    bytes: archive(link('2', 'a', '/etc')),
    message: /absolute target/,
    offset: 0,
    limits: { symlinks: 'in-tree' },
  },
  {
    what: 'a link without a target',
    bytes: archive(link('2', 'a', '')),
    message: /without a usable target/,
    offset: 0,
  },
  {
    what: 'a hard link to the outside',
    bytes: archive(link('1', 'a', '/etc/shadow')),
    message: /hard link that leads out/,
    offset: 0,
  },
  {
    what: 'a hard link that climbs',
    bytes: archive(link('1', 'a', '../x')),
    message: /hard link that leads out/,
    offset: 0,
  },
  { what: 'a hard link to nothing', bytes: archive(link('1', 'a', 'b')), message: /no earlier file/, offset: 0 },
  {
    what: 'a hard link to a symbolic link',
    bytes: archive(link('2', 's', 'x'), link('1', 'a', 's')),
    message: /no earlier file/,
    offset: 512,
  },
  {
    what: 'a character device',
    bytes: archive(header({ name: 'null', type: '3' })),
    message: /device node/,
    offset: 0,
  },
  { what: 'a block device', bytes: archive(header({ name: 'sda', type: '4' })), message: /device node/, offset: 0 },
  { what: 'a named pipe', bytes: archive(header({ name: 'p', type: '6' })), message: /named pipe/, offset: 0 },
  { what: 'an unknown type', bytes: archive(header({ name: 'p', type: 'S' })), message: /unknown type "S"/, offset: 0 },
  {
    what: 'one path twice',
    bytes: archive(header({ name: 'a' }), header({ name: 'a' })),
    message: /two members with one path/,
    offset: 512,
  },
  {
    what: 'one path twice, once with ./',
    bytes: archive(header({ name: 'a' }), header({ name: './a' })),
    message: /two members with one path/,
    offset: 512,
  },
  {
    what: 'a folder twice with other modes',
    bytes: archive(header({ name: 'a/', type: '5' }), header({ name: 'a/', type: '5', mode: 0o777 })),
    message: /two members with one path/,
    offset: 512,
  },
  {
    what: 'a folder with content',
    bytes: archive(header({ name: 'a/', type: '5', size: 1 }), body),
    message: /content in a member that is no file/,
    offset: 0,
  },
  {
    what: 'a wrong checksum',
    bytes: archive(patched(header({ name: 'a' }), 0, 0x62)),
    message: /checksum does not match/,
    offset: 0,
  },
  { what: 'no ustar mark', bytes: archive(header({ name: 'a', magic: 'xxxxx' })), message: /not ustar/, offset: 0 },
  { what: 'half a mark', bytes: archive(header({ name: 'a', magic: '' })), message: /not ustar/, offset: 0 },
  ...['x', 'L', '6'].map((type) => ({
    what: `the type ${type} before ustar`,
    bytes: archive(unmarked(header({ name: 'a', type }))),
    message: /not ustar/,
    offset: 0,
  })),
  {
    what: 'a prefix before ustar',
    bytes: archive(unmarked(header({ name: 'a' }), 'b')),
    message: /not ustar/,
    offset: 0,
  },
  {
    what: 'a size that is no number',
    bytes: archive(header({ name: 'a', sizeField: Buffer.from('0000000008x\0') })),
    message: /size is negative, too large or not a number/,
    offset: 0,
  },
  {
    what: 'a negative base-256 size',
    bytes: archive(header({ name: 'a', sizeField: Buffer.alloc(12, 0xff) })),
    message: /size is negative/,
    offset: 0,
  },
  {
    what: 'an overflowing base-256 size',
    bytes: archive(header({ name: 'a', sizeField: Buffer.concat([Buffer.from([0x80]), Buffer.alloc(11, 0x7f)]) })),
    message: /size is negative, too large/,
    offset: 0,
  },
  {
    what: 'a size beyond the archive',
    bytes: archive(header({ name: 'a', size: 999_999 })),
    message: /middle of a member/,
    offset: 0,
  },
  {
    what: 'contents beyond the bound',
    bytes: archive(file, body),
    message: /more than 0 bytes/,
    offset: 0,
    limits: { contentBytesMax: 0 },
  },
  {
    what: 'more members than the bound',
    bytes: archive(header({ name: 'a' }), header({ name: 'b' })),
    message: /more than 1 members/,
    offset: 512,
    limits: { entriesMax: 1 },
  },
  { what: 'an end in a header', bytes: file.subarray(0, 300), message: /middle of a header/, offset: 0 },
  {
    what: 'an end in a block',
    bytes: Buffer.concat([file, body.subarray(0, 100)]),
    message: /middle of a block/,
    offset: 513,
  },
  { what: 'no end mark', bytes: Buffer.concat([file, body]), message: /middle of a header/, offset: 1024 },
  {
    what: 'half an end mark',
    bytes: Buffer.concat([file, body, new Uint8Array(512)]),
    message: /half an end mark/,
    offset: 1024,
  },
  {
    what: 'something after the end',
    bytes: Buffer.concat([end, file, body, end]),
    message: /goes on after its end/,
    offset: 1024,
  },
  {
    what: 'an end mark where none belongs',
    bytes: archive(header({ name: 'a' })),
    message: /end mark where none belongs/,
    offset: 512,
    limits: { end: 'absent' },
  },
  {
    what: 'a path in PAX that climbs',
    bytes: archive(...pax({ path: '../../x' }), header({ name: 'a' })),
    message: /climbs out/,
    offset: 1024,
  },
  {
    what: 'a link target in PAX that climbs',
    bytes: archive(...pax({ linkpath: '../../x' }), link('2', 'a', 'b')),
    message: /leads out of it/,
    offset: 1024,
  },
  {
    what: 'two sizes for one member',
    bytes: archive(...pax({ size: '0' }), file, body),
    message: /two sizes/,
    offset: 1024,
  },
  {
    what: 'a negative owner in PAX',
    bytes: archive(...pax({ uid: '-1' }), header({ name: 'a' })),
    message: /unusable uid/,
    offset: 1024,
  },
  {
    what: 'a sparse file',
    bytes: archive(...pax({ 'GNU.sparse.major': '1' }), header({ name: 'a' })),
    message: /sparse file/,
    offset: 0,
  },
  {
    what: 'a damaged PAX header',
    bytes: archive(header({ name: 'p', type: 'x', size: 5 }), block('9 a=b'), header({ name: 'a' })),
    message: /broken or doubled PAX/,
    offset: 0,
  },
  {
    what: 'a doubled PAX header',
    bytes: archive(...pax({ path: 'a' }), ...pax({ path: 'b' }), header({ name: 'c' })),
    message: /broken or doubled PAX/,
    offset: 1024,
  },
  {
    what: 'a PAX header for nobody',
    bytes: archive(...pax({ path: 'a' })),
    message: /belongs to no member/,
    offset: 1024,
  },
  {
    what: 'a global PAX header with a path',
    bytes: archive(...pax({ path: 'a' }, 'g'), header({ name: 'c' })),
    message: /global PAX header/,
    offset: 0,
  },
  {
    what: 'an oversized PAX header',
    bytes: archive(...pax({ comment: 'x'.repeat(400) }), header({ name: 'c' })),
    message: /oversized extended header/,
    offset: 0,
    limits: { metadataBytesMax: 100 },
  },
];

for (const { what, bytes, message, offset, limits } of hostile) {
  test(`readTar() refuses ${what}`, () => {
    assert.throws(
      () => readTar(bytes, { archive: 'evil.tar', ...limits }),
      (error: unknown) => {
        assert.ok(error instanceof Failure);
        assert.equal(error.code, 'E0404');
        assert.match(error.message, message);
        assert.match(error.detail.at ?? '', new RegExp(`^evil\\.tar: byte ${offset}\\b`));
        return true;
      },
    );
  });
}

test('readTar() takes a folder that is listed twice in the same way, the root, and a commit in a global header', () => {
  const folder = header({ name: 'a/', type: '5' });
  const entries = readTar(archive(...pax({ comment: 'abc' }, 'g'), header({ name: './', type: '5' }), folder, folder));
  assert.deepEqual(
    entries.map((entry) => entry.path),
    ['a'],
  );
});

test('readTar() answers or refuses whatever becomes of an archive', () => {
  const seedTar = Buffer.from(writeTar(tree()));
  let state = 42;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  for (let i = 0; i < 2000; i += 1) {
    const bytes = Buffer.from(seedTar);
    for (let change = 0; change <= next(4); change += 1) bytes[next(bytes.length)] = next(256);
    // Half of them with right checksums, so that the fields behind are reached.
    if (i % 2 === 0)
      for (let at = 0; at + 512 <= bytes.length; at += 512)
        if (bytes.toString('latin1', at + 257, at + 262) === 'ustar') resum(bytes, at);
    const cut = next(3) === 0 ? bytes.subarray(0, next(bytes.length)) : bytes;
    try {
      for (const entry of readTar(cut)) assert.ok(!entry.path.split('/').includes('..') && !entry.path.startsWith('/'));
    } catch (error) {
      assert.ok(error instanceof Failure && error.code === 'E0404', String(error));
    }
  }
});

function tree(): TarEntry[] {
  const plain = { mode: 0o644, uid: 0, gid: 0, mtime: 0 };
  return [
    { ...plain, path: 'a', kind: 'directory' },
    { ...plain, path: 'a/b', kind: 'file', content: Buffer.from('hello'), pax: { 'APK-TOOLS.checksum.SHA1': 'ff' } },
    { ...plain, path: 'a/c', kind: 'symlink', linkTarget: 'b' },
    { ...plain, path: 'a/d', kind: 'hardlink', linkTarget: 'a/b' },
    { ...plain, path: `a/${'long/'.repeat(30)}e`, kind: 'file' },
  ];
}

function archive(...blocks: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([...blocks, end]);
}

function block(text: string): Uint8Array {
  return Buffer.concat([Buffer.from(text), new Uint8Array((512 - (Buffer.byteLength(text) % 512)) % 512)]);
}

function pax(records: Readonly<Record<string, string>>, type = 'x'): Uint8Array[] {
  const bytes = encodePaxRecords(records);
  return [header({ name: 'pax', type, size: bytes.length }), block(Buffer.from(bytes).toString())];
}

function link(type: '1' | '2', name: string, linkName: string): Uint8Array {
  return header({ name, type, linkName });
}

/** A header by hand: the writer would refuse to write these. */
function header(fields: {
  readonly name: string | Uint8Array;
  readonly type?: string;
  readonly size?: number;
  readonly sizeField?: Uint8Array;
  readonly mode?: number;
  readonly linkName?: string;
  readonly magic?: string;
}): Buffer {
  const bytes = Buffer.alloc(512);
  bytes.set(Buffer.from(fields.name), 0);
  bytes.write((fields.mode ?? 0o644).toString(8).padStart(7, '0'), 100);
  bytes.write('0000000', 108);
  bytes.write('0000000', 116);
  bytes.set(fields.sizeField ?? Buffer.from((fields.size ?? 0).toString(8).padStart(11, '0')), 124);
  bytes.write('00000000000', 136);
  bytes.write(fields.type ?? '0', 156);
  bytes.write(fields.linkName ?? '', 157);
  bytes.write(`${fields.magic ?? 'ustar'}\x0000`, 257, 'latin1');
  resum(bytes, 0);
  return bytes;
}

function unmarked(bytes: Buffer, prefix = ''): Buffer {
  bytes.fill(0, 257);
  bytes.write(prefix, 345);
  resum(bytes, 0);
  return bytes;
}

function resum(bytes: Buffer, at: number): void {
  bytes.fill(0x20, at + 148, at + 156);
  const sum = bytes.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
}

function patched(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
}
