import type { AdvisoryRecord } from '../match/advisory.ts';
import type { Component } from '../match/inventory.ts';

/** Records that somebody keeps, asked for by what is of concern: never read as a whole. */
export interface RecordSource {
  /** All that may say something of this version; what has it outside of all ranges may be left out. */
  readonly on: (component: Pick<Component, 'upstream' | 'stream' | 'version'>) => readonly AdvisoryRecord[];
  /** All that speak of the package, whatever the version. */
  readonly about: (component: Pick<Component, 'upstream' | 'stream'>) => readonly AdvisoryRecord[];
  /** All that bear this id or give it as another name. */
  readonly named: (id: string) => readonly AdvisoryRecord[];
  /** Probability of exploitation, 0 to 1; undefined where nobody scores it. */
  readonly epss: (id: string) => number | undefined;
  /** Ecosystems that some record speaks of, as `ecosystemOf()` calls them; of a distribution each release. */
  readonly ecosystems: ReadonlySet<string>;
}

/**
 * What a record must be about so that silence about a package means something: `npm`, `deb/debian 12`. Records of a
 * distribution that are of no release are of all: `deb/debian *`. What has no ecosystem of its own is told apart by namespace:
 * `generic/linux`.
 */
export function ecosystemOf({
  upstream,
  stream,
}: {
  readonly upstream: string;
  readonly stream: string | null;
}): string {
  const [type = '', ...path] = upstream.slice('pkg:'.length).split('/');
  const [namespace = ''] = path;
  if (DISTRIBUTED.has(type)) return `${type}/${namespace} ${stream ?? '*'}`;
  return type === 'generic' && path.length > 1 ? `${type}/${namespace}` : type;
}

const DISTRIBUTED: ReadonlySet<string> = new Set(['apk', 'deb', 'rpm', 'alpm']);

/** Whether records of this ecosystem are there at all. */
export function isCovered({ ecosystems }: Pick<RecordSource, 'ecosystems'>, component: Component): boolean {
  const { upstream } = component;
  return ecosystems.has(ecosystemOf(component)) || ecosystems.has(ecosystemOf({ upstream, stream: null }));
}
