// Assembles hello.asm into a static Linux program, without compiler or libraries:
//   node build.mjs <x86_64|aarch64> <output file>
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const [arch, output] = process.argv.slice(2);
const version = readFileSync('VERSION', 'utf8').trim();
const lines = readFileSync('hello.asm', 'utf8')
  .split('\n')
  .map((line) => line.replace(/;.*/, '').trim());

const TEXT = 0x400000; // headers and code, read and execute
const DATA = 0x501000; // greeting, world, name, tail: read and write; as far into a page as in the file
const greeting = `hello ${version}: hello, `;
const room = Number(lines.find((line) => line.startsWith('.room'))?.split(/\s+/)[1]);
const data = Buffer.concat([Buffer.from(`${greeting}world\0`), Buffer.alloc(room), Buffer.from('!\n')]);
const WORLD = DATA + greeting.length;
const NAME = WORLD + 6;
const TAIL = NAME + room;

const u32 = (value) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255];
const a64 = (...words) => words.flatMap((word) => u32(word >>> 0));
const mov = (register, value) =>
  a64(0xd2800000 | ((value & 0xffff) << 5) | register, 0xf2a00000 | ((value >>> 16) << 5) | register);

// Each instruction as bytes; `to` is the distance from its start to the label it jumps to.
const machines = {
  x86_64: {
    // from: rbx, into: rbp, letter: eax, room left: r12d
    id: 62,
    argument: () => [0x48, 0x8b, 0x5c, 0x24, 0x10],
    'jump-if-argument': (to) => [0x48, 0x85, 0xdb, 0x0f, 0x85, ...u32(to - 9)],
    'use-world': () => [0xbb, ...u32(WORLD)],
    'start-name': () => [0xbd, ...u32(NAME), 0x41, 0xbc, ...u32(room)],
    letter: () => [0x0f, 0xb6, 0x03, 0x48, 0xff, 0xc3],
    'jump-if-end': (to) => [0x85, 0xc0, 0x0f, 0x84, ...u32(to - 8)],
    'jump-if-full': (to) => [0x45, 0x85, 0xe4, 0x0f, 0x84, ...u32(to - 9)],
    'replace-control': () => [0x3c, 0x20, 0x73, 0x02, 0xb0, 0x3f],
    keep: () => [0x88, 0x45, 0, 0x48, 0xff, 0xc5, 0x41, 0xff, 0xcc],
    jump: (to) => [0xe9, ...u32(to - 5)],
    'write-greeting': () => [...write86(DATA), 0xba, ...u32(greeting.length), 0x0f, 0x05],
    'write-name': () => [...write86(NAME), 0x89, 0xea, 0x81, 0xea, ...u32(NAME), 0x0f, 0x05],
    'write-tail': () => [...write86(TAIL), 0xba, ...u32(2), 0x0f, 0x05],
    exit: () => [0xb8, ...u32(60), 0x31, 0xff, 0x0f, 0x05],
  },
  aarch64: {
    // from: x9, into: x10, letter: w12, room left: w11
    id: 183,
    argument: () => a64(0xf9400be9),
    'jump-if-argument': (to) => a64(0xb5000009 | branch19(to)),
    'use-world': () => mov(9, WORLD),
    'start-name': () => [...mov(10, NAME), ...mov(11, room)],
    letter: () => a64(0x3840152c),
    'jump-if-end': (to) => a64(0x3400000c | branch19(to)),
    'jump-if-full': (to) => a64(0x3400000b | branch19(to)),
    'replace-control': () => a64(0x7100819f, 0x528007ed, 0x1a8d218c),
    keep: () => a64(0x3800154c, 0x5100056b),
    jump: (to) => a64(0x14000000 | ((to >> 2) & 0x3ffffff)),
    'write-greeting': () => [...write64(DATA), ...mov(2, greeting.length), ...a64(0xd4000001)],
    'write-name': () => [...write64(NAME), ...a64(0xcb010142, 0xd4000001)],
    'write-tail': () => [...write64(TAIL), ...mov(2, 2), ...a64(0xd4000001)],
    exit: () => [...mov(8, 93), ...mov(0, 0), ...a64(0xd4000001)],
  },
};
const write86 = (address) => [0xb8, ...u32(1), 0xbf, ...u32(1), 0xbe, ...u32(address)];
const write64 = (address) => [...mov(8, 64), ...mov(0, 1), ...mov(1, address)];
const branch19 = (to) => ((to >> 2) & 0x7ffff) << 5;

// Two passes: sizes do not depend on distances, so the first one places the labels.
const machine = machines[arch];
if (!machine) throw new Error(`no such machine: ${arch}`);
const labels = new Map();
const assemble = () => {
  const code = [];
  for (const line of lines.filter((each) => each !== '' && !each.startsWith('.'))) {
    const [word, label] = line.split(/\s+/);
    if (word.endsWith(':')) labels.set(word.slice(0, -1), code.length);
    else if (!machine[word]) throw new Error(`no such instruction: ${word}`);
    else code.push(...machine[word]((labels.get(label) ?? 0) - code.length));
  }
  return Buffer.from(code);
};
assemble();
const code = assemble();

// ELF header and two loaded segments (System V gABI, chapters 4 and 5).
const HEADERS = 64 + 2 * 56;
const dataAt = 4096;
if (HEADERS + code.length > dataAt) throw new Error('the program is too long');
const file = Buffer.alloc(dataAt + data.length);
const segment = (at, flags, offset, address, size) => {
  file.writeUInt32LE(1, at);
  file.writeUInt32LE(flags, at + 4);
  [offset, address, address, size, size, 65536].forEach((value, i) =>
    file.writeBigUInt64LE(BigInt(value), at + 8 + i * 8),
  );
};
file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
[2, machine.id].forEach((value, i) => file.writeUInt16LE(value, 16 + i * 2));
file.writeUInt32LE(1, 20);
[TEXT + HEADERS, 64].forEach((value, i) => file.writeBigUInt64LE(BigInt(value), 24 + i * 8));
[64, 56, 2, 64].forEach((value, i) => file.writeUInt16LE(value, 52 + i * 2));
segment(64, 5, 0, TEXT, HEADERS + code.length);
segment(120, 6, dataAt, DATA, data.length);
file.set(code, HEADERS);
file.set(data, dataAt);
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, file, { mode: 0o755 });
