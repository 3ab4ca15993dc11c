/**
 * PAX extended header records, `length key=value\n` where the length counts itself (POSIX.1-2017 pax, "pax Extended
 * Header"). Keys are written in sorted order, so that equal records give equal bytes.
 */
export function encodePaxRecords(records: Readonly<Record<string, string>>): Uint8Array {
  const lines = Object.keys(records)
    .toSorted()
    .map((key) => encodeRecord(key, records[key] ?? ''));
  return Buffer.concat(lines);
}

/** The records, or undefined when a length, a key or the UTF-8 is wrong, or a key comes twice. */
export function parsePaxRecords(bytes: Uint8Array): ReadonlyMap<string, string> | undefined {
  const records = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at);
    if (space < 0 || space - at > 9 || space === at) return undefined;
    const digits = latin1(bytes.subarray(at, space));
    if (!/^[1-9][0-9]*$/.test(digits)) return undefined;
    const end = at + Number(digits);
    if (end > bytes.length || end <= space + 2 || bytes[end - 1] !== 0x0a) return undefined;
    const record = utf8(bytes.subarray(space + 1, end - 1));
    const equals = record?.indexOf('=') ?? -1;
    if (record === undefined || equals < 1) return undefined;
    const key = record.slice(0, equals);
    if (records.has(key)) return undefined;
    records.set(key, record.slice(equals + 1));
    at = end;
  }
  return records;
}

function encodeRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of bytes that are valid UTF-8, else undefined. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}
