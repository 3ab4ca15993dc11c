/**
 * What our code takes from node:crypto, for a browser: there SHA-256 is only given to those who wait, and a fold does
 * not wait. FIPS 180-4, section 6.2.
 */
export function hash(algorithm: string, data: string | Uint8Array): string {
  if (algorithm !== 'sha256') throw new Error(`no ${algorithm} here`);
  return hexOf(digest(typeof data === 'string' ? new TextEncoder().encode(data) : data));
}

export function createHash(algorithm: string) {
  let all: string | Uint8Array = '';
  return {
    /** Once: nobody here feeds a hash in pieces. */
    update(data: string | Uint8Array) {
      all = data;
      return this;
    },
    digest: (_form: 'hex') => hash(algorithm, all),
  };
}

/** The eight words of the state after all blocks. */
function digest(bytes: Uint8Array): Uint32Array {
  const state = Uint32Array.from(FIRST);
  const schedule = new Uint32Array(64);
  const whole = bytes.length - (bytes.length % 64);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < whole; at += 64) block(state, schedule, view, at);
  const rest = padded(bytes.subarray(whole), bytes.length);
  const end = new DataView(rest.buffer);
  for (let at = 0; at < rest.length; at += 64) block(state, schedule, end, at);
  return state;
}

/** The last bytes, a one bit, zeros, and the length in bits (section 5.1.1). */
function padded(rest: Uint8Array, length: number): Uint8Array {
  const blocks = new Uint8Array(rest.length < 56 ? 64 : 128);
  blocks.set(rest);
  blocks[rest.length] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setUint32(blocks.length - 8, Math.floor(length / 0x2000_0000));
  view.setUint32(blocks.length - 4, (length << 3) >>> 0);
  return blocks;
}

function block(state: Uint32Array, w: Uint32Array, view: DataView, at: number): void {
  for (let t = 0; t < 16; t += 1) w[t] = view.getUint32(at + 4 * t);
  for (let t = 16; t < 64; t += 1) {
    const [a, b] = [word(w, t - 15), word(w, t - 2)];
    const s0 = rotated(a, 7) ^ rotated(a, 18) ^ (a >>> 3);
    const s1 = rotated(b, 17) ^ rotated(b, 19) ^ (b >>> 10);
    w[t] = word(w, t - 16) + s0 + word(w, t - 7) + s1;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let t = 0; t < 64; t += 1) {
    const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + word(K, t) + word(w, t)) | 0;
    const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) state[index] = word(state, index) + value;
}

function word(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

function rotated(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}

function hexOf(words: Uint32Array): string {
  return Array.from(words, (each) => each.toString(16).padStart(8, '0')).join('');
}

/** The first 32 bits of the fractional parts of the square roots of the first eight primes (section 5.3.3). */
const FIRST = firstPrimes(8).map((prime) => fraction(Math.sqrt(prime)));
/** The same of the cube roots of the first sixty-four (section 4.2.2). */
const K = Uint32Array.from(firstPrimes(64), (prime) => fraction(Math.cbrt(prime)));

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 0x1_0000_0000) >>> 0;
}

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n += 1) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes;
}
