/** What a server answered, as far as it counts as evidence. */
export interface ServerAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

/** Of what opens a session or asks for a secret nothing is kept. */
const LEFT_OUT = new Set(['set-cookie', 'www-authenticate', 'authorization', 'proxy-authenticate']);

/** An answer as `message/http` bytes that anybody can read again: status line, headers, empty line, body (RFC 9112, 2.1 and 10.1). */
export function keepAnswer({ status, headers, body }: ServerAnswer): Uint8Array {
  const lines = Object.entries(headers)
    .filter(([name, value]) => value !== undefined && !LEFT_OUT.has(name))
    .flatMap(([name, value]) => [value ?? ''].flat().map((each) => `${name}: ${each.replaceAll(/[\r\n]+/g, ' ')}`));
  const head = [`HTTP/1.1 ${status}`, ...lines.sort(), '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}

/** Reads what `keepAnswer()` wrote; undefined for bytes that are none. The body is what follows the first empty line. */
export function readKeptAnswer(bytes: Uint8Array): ServerAnswer | undefined {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = all.subarray(0, HEAD_BYTES_MAX).indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [first = '', ...lines] = all.toString('latin1', 0, end).split('\r\n');
  const [, status] = /^HTTP\/1\.1 ([0-9]{3})(?: .*)?$/.exec(first) ?? [];
  if (status === undefined) return undefined;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) return undefined;
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status: Number(status), headers, body: all.subarray(end + 4) };
}

const HEAD_BYTES_MAX = 64 * 1024;
