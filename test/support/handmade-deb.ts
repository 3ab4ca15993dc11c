import { gzipSync } from 'node:zlib';
import { writeAr } from '../../src/formats/deb/ar.ts';

/** A member of a tar archive as it shall be written, whatever it says. */
export interface RawMember {
  readonly name: string;
  /** As tar calls it: `0` a file (the default), `1` and `2` links, `3` a device, `5` a folder, `6` a pipe. */
  readonly type?: string;
  readonly mode?: number;
  readonly mtime?: number;
  readonly link?: string;
  readonly content?: string | Uint8Array;
}

export interface HandmadeDeb {
  readonly name: string;
  readonly version?: string;
  /** More lines of its control file: `Replaces: other`. */
  readonly fields?: readonly string[];
  readonly files: readonly RawMember[];
}

/** A .deb that no packaging tool would make. */
export function handmadeDeb({ name, version = '1', fields = [], files }: HandmadeDeb): Uint8Array {
  const lines = [
    `Package: ${name}`,
    `Version: ${version}`,
    'Architecture: amd64',
    'Maintainer: Nobody <n@example.org>',
  ];
  const control = [...lines, ...fields, 'Description: made by hand', ''].join('\n');
  const members = [
    { name: 'debian-binary', bytes: Buffer.from('2.0\n') },
    { name: 'control.tar.gz', bytes: gzipSync(rawTar([{ name: './control', content: control }])) },
    { name: 'data.tar.gz', bytes: gzipSync(rawTar(files)) },
  ];
  return writeAr(members, 0);
}

/** Names up to 100 bytes. */
function rawTar(members: readonly RawMember[]): Uint8Array {
  const parts = members.flatMap((member) => {
    const content = Buffer.from(member.content ?? '');
    return [headerOf(member, content.length), content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

function headerOf({ name, type = '0', mode = 0o644, mtime = 0, link = '' }: RawMember, sizeBytes: number): Uint8Array {
  const block = Buffer.alloc(512);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  const numbers = [octal(mode, 7), octal(0, 7), octal(0, 7), octal(sizeBytes, 11), octal(mtime, 11), ' '.repeat(8)];
  block.write(name, 0);
  block.write(numbers.join(''), 100, 'latin1');
  block.write(type, 156);
  block.write(link, 157);
  block.write('ustar  \0', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}
