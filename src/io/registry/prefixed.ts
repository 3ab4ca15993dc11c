import type { Registry } from '../../factory/image/image.ts';

/** A registry in which all repositories lie below one path: `team` makes `hello` into `team/hello`. */
export function prefixed(inner: Registry, prefix: string): Registry {
  const within = prefix.replace(/^\/+|\/+$/g, '');
  if (within === '') return inner;
  const full = (repository: string) => `${within}/${repository}`;
  return {
    pushLine: (repository, line, tag) => inner.pushLine(full(repository), line, tag),
    attach: (repository, subject, attachment) => inner.attach(full(repository), subject, attachment),
    pushManifest: (repository, manifest, tag) => inner.pushManifest(full(repository), manifest, tag),
    detach: (repository, subject, document) => inner.detach(full(repository), subject, document),
    resolve: (repository, reference) => inner.resolve(full(repository), reference),
    blob: (repository, ref) => inner.blob(full(repository), ref),
    tag: (repository, tag, digest) => inner.tag(full(repository), tag, digest),
    referrers: (repository, subject) => inner.referrers(full(repository), subject),
  };
}
