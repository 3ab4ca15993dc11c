import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { architecture, edit, put } from '../../support/broken-world.ts';
import type { BadInput } from './case.ts';

const check = ['config', 'check'];

/** A handful; the rest is in the tests beside the formats. */
export const catalogs: readonly BadInput[] = [
  {
    name: 'YAML that does not end',
    breaks: (world) => edit(world, 'suture.yaml', (text) => text.replace('name: small', 'name: "small')),
    argv: check,
    code: 'E0101',
    exitCode: 78,
  },
  {
    name: 'an unknown key',
    breaks: (world) => edit(world, 'lines/hello.yaml', (text) => text.replace('packages:', 'pakages:')),
    argv: check,
    code: 'E0101',
    exitCode: 78,
  },
  {
    name: 'a value of another type',
    breaks: (world) => edit(world, 'recipes/hello.yaml', (text) => text.replace('epoch: 0', 'epoch: none')),
    argv: check,
    code: 'E0101',
    exitCode: 78,
  },
  {
    name: 'a package that no recipe builds',
    breaks: (world) => edit(world, 'lines/hello.yaml', (text) => text.replace('- hello', '- helo')),
    argv: check,
    code: 'E0102',
    exitCode: 78,
  },
  {
    name: 'two lines with one tag',
    breaks: (world) => edit(world, 'lines/again.yaml', () => `${twin}archs: [${architecture}]\n`),
    argv: check,
    code: 'E0102',
    exitCode: 78,
  },
  {
    name: 'a broken catalog is not run',
    breaks: (world) => edit(world, 'lines/hello.yaml', (text) => text.replace('packages:', 'pakages:')),
    argv: ['run'],
    code: 'E0101',
    exitCode: 78,
  },
  {
    name: 'a catalog that is not in git',
    breaks: (world) => rm(join(world.catalog, '.git'), { recursive: true }),
    argv: ['run'],
    code: 'E0804',
    exitCode: 69,
  },
  {
    name: 'a file of the catalog that is not text',
    breaks: (world) => put(join(world.catalog, 'recipes', 'image.yaml'), Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0])),
    argv: check,
    code: 'E0101',
    exitCode: 78,
  },
];

const twin = `contents:
  packages: [hello]
entrypoint:
  command: /usr/bin/hello
suture:
  line: hello:1
`;
