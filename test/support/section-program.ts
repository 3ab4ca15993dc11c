/** A 64-bit little-endian ELF file with nothing but sections of these names and contents (System V gABI chapter 4). */
export function sectionProgram(sections: Readonly<Record<string, Uint8Array>>): Buffer {
  const names = Buffer.from(['', ...Object.keys(sections), '.shstrtab'].map((name) => `${name}\0`).join(''));
  const contents = [new Uint8Array(0), ...Object.values(sections), names];
  const tableAt = 64;
  const table = Buffer.alloc(contents.length * 64);
  let offset = tableAt + table.length;
  let nameAt = 0;
  for (const [i, content] of contents.entries()) {
    table.writeUInt32LE(nameAt, i * 64);
    table.writeUInt32LE(i === 0 ? 0 : 1, i * 64 + 4);
    table.writeBigUInt64LE(BigInt(offset), i * 64 + 24);
    table.writeBigUInt64LE(BigInt(content.length), i * 64 + 32);
    offset += content.length;
    nameAt = names.indexOf(0, nameAt) + 1;
  }
  const head = Buffer.alloc(64);
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  head.writeBigUInt64LE(BigInt(tableAt), 40);
  head.writeUInt16LE(64, 58);
  head.writeUInt16LE(contents.length, 60);
  head.writeUInt16LE(contents.length - 1, 62);
  return Buffer.concat([head, table, ...contents]);
}
