import { bump, edit, type World } from '../../support/broken-world.ts';
import type { BadInput } from './case.ts';

const step =
  (runs: string, also: (text: string) => string = (text) => text) =>
  (world: World) =>
    edit(world, 'recipes/hello.yaml', (text) =>
      also(text.replace('epoch: 0', 'epoch: 1')).replace(
        'update:\n',
        `  - name: break\n    runs: |\n      ${runs}\nupdate:\n`,
      ),
    );

const destination = '${{targets.destdir}}';

export const builds: readonly BadInput[] = [
  {
    name: 'a step that fails',
    breaks: step('echo "cannot find -lssl" >&2; exit 7'),
    argv: ['run'],
    code: 'E0402',
    exitCode: 75,
  },
  {
    name: 'a step that takes too long',
    breaks: async (world) => {
      await edit(world, 'suture.yaml', (text) => text.replace('timeout: 1m', 'timeout: 2s'));
      await step('sleep 600')(world);
    },
    argv: ['run'],
    code: 'E0402',
    exitCode: 75,
  },
  {
    name: 'a step that asks the network',
    breaks: step(
      `node -e "fetch('http://10.0.0.1/').catch((error) => { console.error(String(error.cause.code)); process.exit(9) })"`,
    ),
    argv: ['run'],
    code: 'E0402',
    exitCode: 75,
  },
  {
    name: 'a test that fails',
    breaks: (world) =>
      edit(world, 'recipes/hello.yaml', (text) =>
        text.replace('epoch: 0', 'epoch: 1').replace('hello, world!', 'good bye'),
      ),
    argv: ['run'],
    code: 'E0402',
    exitCode: 75,
  },
  {
    name: 'a package with a program that would run as its owner',
    breaks: step(`chmod 4755 ${destination}/usr/bin/hello`),
    argv: ['run'],
    code: 'E0402',
    exitCode: 75,
  },
  {
    name: 'a package with a socket',
    breaks: step(
      `cd ${destination} && node -e "require('net').createServer().listen('socket', () => process.exit())" && ls -l`,
    ),
    argv: ['run'],
    code: 'E0402',
    exitCode: 75,
  },
  {
    name: 'a package with a device',
    breaks: step(`cp -a /dev/null ${destination}/null`),
    argv: ['run'],
    code: 'E0402',
    exitCode: 75,
  },
  {
    name: 'a package with a link that leaves it',
    breaks: step(`ln -s ../../../../../../etc/shadow ${destination}/usr/bin/shadow`),
    argv: ['run'],
    code: 'E0402',
    exitCode: 75,
  },
  {
    name: 'a package whose output folder is a link to the machine',
    breaks: step(`rm -rf ${destination} && ln -s /etc ${destination}`),
    argv: ['run'],
    code: 'E0402',
    exitCode: 75,
  },
  {
    name: 'an image that does not pass its gates',
    breaks: async (world) => {
      await bump(world);
      await edit(world, 'lines/hello.yaml', (text) => text.replace('hello, world!', 'good bye'));
    },
    argv: ['run'],
    code: 'E0406',
    exitCode: 3,
  },
  {
    name: 'a build root that is missing',
    breaks: async (world) => {
      await edit(world, 'suture.yaml', (text) => text.replace(/root: .+/, 'root: ../no-root'));
      await edit(world, 'recipes/hello.yaml', (text) => text.replace('epoch: 0', 'epoch: 1'));
    },
    argv: ['run'],
    code: 'E0401',
    exitCode: 75,
  },
];
