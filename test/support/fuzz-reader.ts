import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Failure } from '../../src/core/failure.ts';

export const numRuns = process.env['SUTURE_LONG'] === '1' ? 100_000 : 2_000;

/** Of the processor for one input, so that a busy machine changes nothing; without trouble they take microseconds. */
const MILLISECONDS_MAX = 1000;
/** By which one input may raise the most memory that this process ever had; garbage of all of them piles up beyond it. */
const RSS_MEGABYTES_MAX = 200;

/** Reads each input within the bounds of time and memory; a Failure is an answer, anything else is not. */
export function boundedReads(isExpected: (failure: Failure) => boolean = () => true) {
  let slowest = 0;
  return {
    async read(work: () => unknown): Promise<void> {
      const begun = process.cpuUsage();
      const before = process.resourceUsage().maxRSS;
      try {
        await work();
      } catch (error) {
        assert.ok(error instanceof Failure, String(error));
        assert.ok(isExpected(error), `${error.code}: ${error.message}`);
        assert.ok(error.message.length < 2_000, 'a message is not as long as its input');
      }
      const { user, system } = process.cpuUsage(begun);
      slowest = Math.max(slowest, (user + system) / 1000);
      assert.ok(slowest < MILLISECONDS_MAX, `${slowest} ms`);
      const grown = (process.resourceUsage().maxRSS - before) / 1024;
      assert.ok(grown < RSS_MEGABYTES_MAX, `${grown} MB more`);
    },
  };
}

/** For files that are written anew for each input: in memory where the machine has such a place. Removed at the end. */
export function fuzzFolder(): string {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'suture-fuzz-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface FuzzedReader {
  readonly name: string;
  /** Something that it reads. */
  readonly right: string | Uint8Array;
  readonly read: (bytes: Buffer) => unknown;
  readonly codes: RegExp;
}

/** A test that a reader answers or refuses with a Failure, whatever becomes of its input. */
export function fuzzReader({ name, right, read, codes }: FuzzedReader): void {
  test(`${name} answers or refuses with a Failure, whatever becomes of its input`, async () => {
    const bytes = Buffer.from(right);
    const bounds = boundedReads(({ code }) => codes.test(code));
    await fc.assert(
      fc.asyncProperty(mutations, (changes) => bounds.read(() => read(mutated(bytes, changes)))),
      { numRuns },
    );
  });
}

const pieces =
  '|"|\\|\\u0000|{|}|[|]|:|,|null|1e999|-1|"purl":"pkg:|"components":[|"__proto__":|pkg:cran/a|@|%00|%ff|../|/|\0|\n|\n\n|\r|\t|ü|' +
  '\ud800|\u202e|Name:|Version: |PK\x03\x04|PK\x01\x02|PK\x05\x06|\xff Go buildinf:|\x7fELF|MZ|=>|dep\t|\xff\xff\xff\xff|\x80\x80\x80\x80';
const fragment = fc.oneof(fc.constantFrom('|', ...pieces.split('|')), fc.string({ maxLength: 12, unit: 'binary' }));
const mutations = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat({ max: 40 }),
    insert: fc.array(fragment, { maxLength: 3 }),
    /** Half of them keep every offset, so that what lies behind is still found. */
    isInPlace: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);
type Mutations = typeof mutations extends fc.Arbitrary<infer T> ? T : never;

function mutated(right: Uint8Array, changes: Mutations): Buffer {
  let bytes = Buffer.from(right);
  for (const { at, remove, insert, isInPlace } of changes) {
    const offset = Math.floor(at * bytes.length);
    const inserted = Buffer.from(insert.join(''), 'latin1');
    const removed = isInPlace ? inserted.length : remove;
    bytes = Buffer.concat([bytes.subarray(0, offset), inserted, bytes.subarray(offset + removed)]);
  }
  return bytes;
}
