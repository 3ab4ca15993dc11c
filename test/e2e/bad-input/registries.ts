import { bump, edit, type World } from '../../support/broken-world.ts';
import { type HonestAnswer, type Lie, lyingRegistry, refusal } from '../../support/lying-server.ts';
import type { BadInput } from './case.ts';

/** There is something to publish, and the registry lies. */
const lying = (lie: Lie) => async (world: World) => {
  const server = await lyingRegistry(lie);
  await bump(world);
  await edit(world, 'suture.yaml', (text) =>
    text.replace('  embedded:\n    port: 0\n', `  host: ${server.host}\n  plain-http: true\n`),
  );
  return () => server.close();
};

const otherDigest = `sha256:${'0'.repeat(64)}`;
const isTag = ({ path }: HonestAnswer): boolean => path === '/v2/hello/manifests/1';

function answering(said: HonestAnswer, status: number, body: Buffer): HonestAnswer {
  return { ...said, status, headers: { 'content-length': String(body.length) }, body };
}

export const registries: readonly BadInput[] = [
  {
    name: 'a registry that fails for ever',
    breaks: lying((said) => answering(said, 500, refusal('UNKNOWN', 'out of order'))),
    argv: ['run'],
    code: 'E0601',
    exitCode: 75,
  },
  {
    name: 'a registry that forbids',
    breaks: lying((said) => (said.method === 'GET' ? undefined : answering(said, 403, refusal('DENIED', 'not you')))),
    argv: ['run'],
    code: 'E0602',
    exitCode: 3,
  },
  {
    name: 'a registry that takes a manifest under another digest',
    breaks: lying((said) =>
      said.method === 'PUT' && said.path.includes('/manifests/')
        ? { ...said, headers: { ...said.headers, 'docker-content-digest': otherDigest } }
        : undefined,
    ),
    argv: ['run'],
    code: 'E0603',
    exitCode: 75,
  },
  {
    name: 'a registry that gives the tag something else after it was pushed',
    breaks: lying((said) => {
      if (said.method !== 'GET' || !isTag(said) || said.status !== 200) return undefined;
      const body = Buffer.from(said.body.toString('utf8').replace('{', '{ '));
      const { 'docker-content-digest': _, ...headers } = said.headers;
      return { ...said, headers: { ...headers, 'content-length': String(body.length) }, body };
    }),
    argv: ['run'],
    code: 'E0603',
    exitCode: 75,
    publishes: 1,
  },
  {
    name: 'a registry that breaks off in every blob',
    breaks: lying((said) =>
      said.method === 'GET' && said.path.includes('/blobs/') ? { ...said, body: said.body.subarray(0, 20) } : undefined,
    ),
    argv: ['run'],
    code: 'E0601',
    exitCode: 75,
    publishes: 1,
  },
  {
    name: 'a registry that gives other blobs than asked for',
    breaks: lying((said) =>
      said.method === 'GET' && said.path.includes('/blobs/') && said.status === 200
        ? { ...said, body: Buffer.alloc(said.body.length, 'x') }
        : undefined,
    ),
    argv: ['run'],
    code: 'E0603',
    exitCode: 75,
    publishes: 1,
  },
  {
    name: 'a registry that sends uploads into the private network',
    breaks: lying((said) =>
      said.method === 'POST'
        ? { ...said, status: 202, headers: { location: 'http://169.254.169.254/upload' } }
        : undefined,
    ),
    argv: ['run'],
    code: 'E0206',
    exitCode: 75,
  },
];
