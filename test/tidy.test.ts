import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

/** Which ring may import which. `main.ts` and its parts in `wire/` put them together and may import all; nothing imports them. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  formats: ['formats', 'core'],
  factory: ['factory', 'formats', 'core'],
  views: ['views', 'formats', 'core'],
  io: ['io', 'factory', 'formats', 'core'],
  serve: ['serve', 'views', 'factory', 'formats', 'core'],
};

const WIRING = new Set(['main.ts', 'wire']);

/** Files that outgrew 300 lines, each with the reason why it is still one idea. */
const LONG_FILES: Readonly<Record<string, string>> = {};

const root = join(import.meta.dirname, '..');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && !file.startsWith('LICENSE'));
const sources = tracked.filter((file) => file.startsWith('src/') && file.endsWith('.ts'));
const isTest = (file: string): boolean => file.endsWith('.test.ts');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

test('src/ rings import inwards only', () => {
  const wrong: string[] = [];
  for (const file of sources.filter((each) => !isTest(each))) {
    const ring = ringOf(file);
    for (const target of importsOf(file)) {
      if (!target.startsWith('.')) continue;
      const to = ringOf(normalize(join(dirname(file), target)));
      if (!WIRING.has(ring) && !(MAY_IMPORT[ring] ?? []).includes(to)) wrong.push(`${file} -> ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('core/ knows no outside world: no package, no clock, no chance', () => {
  const wrong: string[] = [];
  for (const file of sources.filter((each) => each.startsWith('src/core/') && !isTest(each))) {
    for (const target of importsOf(file)) {
      if (!target.startsWith('.') && target !== 'node:crypto') wrong.push(`${file} imports ${target}`);
    }
    for (const word of [
      'Date.now',
      'new Date',
      'Math.random',
      'Temporal.Now',
      'process.env',
      'randomBytes',
      'randomUUID',
    ]) {
      if (withoutComments(read(file)).includes(word)) wrong.push(`${file} uses ${word}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('the clock of the machine is read in io/ and main.ts alone', () => {
  const wrong = sources
    .filter((file) => !isTest(file) && !file.startsWith('src/io/') && file !== 'src/main.ts')
    .filter((file) => /\bDate\.now\b|\bnew Date\(\)|Temporal\.Now/.test(withoutComments(read(file))));
  assert.deepEqual(wrong, []);
});

test('zod stays at the rim: formats/ and serve/', () => {
  const wrong = sources.filter(
    (file) => importsOf(file).includes('zod') && !['formats', 'serve'].includes(ringOf(file)),
  );
  assert.deepEqual(wrong, []);
});

test('no barrels, no utils, no default exports', () => {
  const wrong = sources.filter(
    (file) => /(^|\/)(index|utils?|helpers?|common|misc)\.ts$/.test(file) || /^export default /m.test(read(file)),
  );
  assert.deepEqual(wrong, []);
});

test('the project speaks of itself alone', () => {
  // Put together from parts, so that this file does not hold the words that it looks for.
  const words = [
    ['/wo', 'rk/'],
    ['/tmp/', 'bash_jobs'],
    ['registry.', 'npmjs'],
    ['deb.', 'debian'],
    ['security.', 'debian'],
    ['pypi.', 'org'],
    ['python', 'hosted'],
    ['proxy.', 'golang'],
    ['static.', 'crates'],
    ['index.', 'crates'],
    ['repo1.', 'maven'],
    ['TO', 'DO'],
    ['FIX', 'ME'],
  ].map((parts) => parts.join(''));
  const wrong: string[] = [];
  for (const file of tracked.filter((each) => !/\.(png|ico|xz)$/.test(each))) {
    const text = read(file);
    for (const word of words) if (text.includes(word)) wrong.push(`${file} says ${word}`);
  }
  assert.deepEqual(wrong, []);
});

test('the lock file holds no download addresses', () => {
  assert.equal(read('package-lock.json').includes('"resolved"'), false);
});

test('a source file is one idea: at most 300 lines, or a reason here', () => {
  const long = sources.filter((file) => !isTest(file) && read(file).split('\n').length > 301);
  assert.deepEqual(
    long.filter((file) => LONG_FILES[file] === undefined),
    [],
  );
  assert.deepEqual(
    Object.keys(LONG_FILES).filter((file) => !long.includes(file)),
    [],
    'a reason without a long file can go',
  );
});

test('ARCHITECTURE.md names files that exist', () => {
  const named = [...read('ARCHITECTURE.md').matchAll(/`((?:src|test|bench|docs|examples|bin)\/[\w./-]+\.\w+)`/g)].map(
    (match) => match[1] ?? '',
  );
  assert.ok(named.length > 20, 'the life of a vulnerability is told with its files');
  assert.deepEqual(
    named.filter((file) => !tracked.includes(file)),
    [],
  );
});

function ringOf(file: string): string {
  return file.split('/')[1] ?? '';
}

function importsOf(file: string): string[] {
  return [
    ...read(file).matchAll(/(?:^|\n)(?:import|export)[^;'"]*?from '([^']+)'|import\('([^']+)'\)|^import '([^']+)'/g),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
}
