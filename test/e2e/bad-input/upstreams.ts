import { rename } from 'node:fs/promises';
import { bump, edit, inGit, type World } from '../../support/broken-world.ts';
import type { BadInput } from './case.ts';

/** The upstream is shared by both copies of the world: it is broken once, and mended after both. */
function once(upstream: string, act: () => Promise<void>, undo: () => Promise<void>): Promise<() => Promise<void>> {
  if (broken.has(upstream)) return Promise.resolve(async () => {});
  broken.add(upstream);
  return act().then(() => async () => {
    broken.delete(upstream);
    await undo();
  });
}

const broken = new Set<string>();

const otherCommit = '0123456789012345678901234567890123456789';

export const upstreams: readonly BadInput[] = [
  {
    name: 'a repository that is gone',
    breaks: ({ upstream }: World) =>
      once(
        upstream,
        () => rename(upstream, `${upstream}.gone`),
        () => rename(`${upstream}.gone`, upstream),
      ),
    argv: ['run'],
    code: 'E0203',
    exitCode: 75,
  },
  {
    name: 'a repository that lost all of its tags',
    breaks: ({ upstream }: World) =>
      once(
        upstream,
        () =>
          inGit(upstream, ['update-ref', 'refs/kept/v1.0.0', 'refs/tags/v1.0.0']).then(() =>
            inGit(upstream, ['tag', '-d', 'v1.0.0']),
          ),
        () => inGit(upstream, ['update-ref', 'refs/tags/v1.0.0', 'refs/kept/v1.0.0']),
      ),
    argv: ['run'],
    code: 'E0204',
    exitCode: 75,
  },
  {
    name: 'a tag that points at other code than before',
    breaks: ({ upstream }: World) =>
      once(
        upstream,
        async () => {
          await inGit(upstream, ['update-ref', 'refs/kept/v1.0.0', 'refs/tags/v1.0.0']);
          await inGit(upstream, ['--work-tree=/', 'commit', '--allow-empty', '--quiet', '-m', 'Other code']);
          await inGit(upstream, ['update-ref', 'refs/tags/v1.0.0', 'HEAD']);
        },
        async () => {
          await inGit(upstream, ['update-ref', 'refs/tags/v1.0.0', 'refs/kept/v1.0.0']);
          await inGit(upstream, ['update-ref', 'HEAD', 'refs/kept/v1.0.0^{commit}']);
        },
      ),
    argv: ['run'],
    code: 'E0204',
    exitCode: 3,
  },
  {
    name: 'a tag that is not the commit that the recipe expects',
    breaks: async (world) => {
      await bump(world);
      await edit(world, 'recipes/hello.yaml', (text) =>
        text.replace(/expected-commit: \w+/, `expected-commit: ${otherCommit}`),
      );
    },
    argv: ['run'],
    code: 'E0405',
    exitCode: 3,
  },
  {
    name: 'a repository at an address that is not allowed',
    breaks: async (world) => {
      await bump(world);
      await edit(world, 'recipes/hello.yaml', (text) =>
        text.replace(/repository: .+/, 'repository: git://169.254.169.254/latest.git'),
      );
    },
    argv: ['config', 'check'],
    code: 'E0101',
    exitCode: 78,
  },
];
