import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type RpmTags = Readonly<Record<number, string | readonly string[] | readonly number[]>>;

/** A header as rpm keeps it: texts are strings or lists of them, numbers 32 bits wide. */
export function rpmHeader(tags: RpmTags): Buffer {
  const entries: Buffer[] = [];
  const values: Buffer[] = [];
  let offset = 0;
  for (const [tag, value] of Object.entries(tags)) {
    const list: readonly (string | number)[] = typeof value === 'string' ? [value] : value;
    const isNumber = typeof list[0] === 'number';
    const padding = Buffer.alloc(isNumber ? (4 - (offset % 4)) % 4 : 0);
    const bytes = Buffer.concat(list.map(bytesOf));
    const type = isNumber ? 4 : typeof value === 'string' ? 6 : 8;
    entries.push(Buffer.concat([Number(tag), type, offset + padding.length, list.length].map(bytesOf)));
    values.push(padding, bytes);
    offset += padding.length + bytes.length;
  }
  return Buffer.concat([bytesOf(entries.length), bytesOf(offset), ...entries, ...values]);
}

function bytesOf(value: string | number): Buffer {
  if (typeof value === 'string') return Buffer.from(`${value}\0`);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** `rpmdb.sqlite` with these headers, written by SQLite itself. */
export function rpmDatabase(headers: readonly Uint8Array[], pageBytes = 4096): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'suture-rpmdb-'));
  try {
    const file = join(folder, 'rpmdb.sqlite');
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA page_size = ${pageBytes}`);
    database.exec(`CREATE TABLE 'Name' (key 'TEXT' NOT NULL, hnum INTEGER NOT NULL)`);
    database.exec(`CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)`);
    const insert = database.prepare('INSERT INTO Packages (blob) VALUES (?)');
    for (const header of headers) insert.run(header);
    database.close();
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the tests here need of one: `3.0.7-27.el9` is version and release. */
export function rpmPackage(name: string, version: string, more: RpmTags = {}): Buffer {
  const [number = '', release = ''] = version.split('-');
  return rpmHeader({ 1000: name, 1001: number, 1002: release, 1014: 'MIT', 1022: 'x86_64', ...more });
}

/** `Packages.db` with these headers, in rpm's own form. */
export function ndbDatabase(headers: readonly Uint8Array[]): Buffer {
  const words = (...numbers: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(numbers.length * 4);
    for (const [index, number] of numbers.entries()) bytes.writeUInt32LE(number, index * 4);
    return bytes;
  };
  const [slots, blobs] = [Buffer.alloc(4096), [] as Buffer[]];
  for (let slot = 32; slot < slots.length; slot += 16) slots.write('Slot', slot);
  Buffer.concat([Buffer.from('RpmP'), words(0, 1, 1, headers.length + 1)]).copy(slots);
  let block = 4096 / 16;
  for (const [index, header] of headers.entries()) {
    const padding = Buffer.alloc((16 - ((header.length + 12) % 16)) % 16);
    const tail = Buffer.concat([words(0, header.length), Buffer.from('BlbE')]);
    const blob = Buffer.concat([Buffer.from('BlbS'), words(index + 1, 1, header.length), header, padding, tail]);
    words(index + 1, block, blob.length / 16).copy(slots, 36 + index * 16);
    block += blob.length / 16;
    blobs.push(blob);
  }
  return Buffer.concat([slots, ...blobs]);
}
