import type { Fact } from '../fact.ts';

/**
 * What a fact is about, as keys that a store indexes: what is said of one thing is then found without reading the rest.
 * When these change, stores must index anew: raise `subjectsForm`.
 */
export function subjectsOf({ type, payload }: Fact): readonly string[] {
  switch (type) {
    case 'advisory-recorded':
      return distinct([
        ...[payload.id, ...payload.aliases].map(subject.vulnerability),
        ...payload.affected.map((affected) => subject.affected(affected.package)),
      ]);
    case 'aliases-corrected':
    case 'policy-adopted':
      return [subject.type(type)];
    case 'looked':
    case 'release-observed':
    case 'release-withdrawn':
    case 'stream-ended':
      return [subject.upstream(payload.upstream)];
    case 'fix-verified':
      return [subject.upstream(payload.upstream), subject.vulnerability(payload.vulnerability)];
    case 'package-built':
      return [subject.upstream(payload.upstream), subject.package(payload.name)];
    case 'package-imported':
      return [subject.upstream(`pkg:deb/debian/${payload.source.name}`), subject.package(payload.name)];
    case 'line-declared':
      return [subject.line(payload.line)];
    case 'image-published':
      return distinct([
        subject.line(payload.line),
        ...[payload.digest, ...Object.values(payload.manifests)].map(subject.digest),
      ]);
    case 'image-confirmed':
      return [
        subject.line(payload.line),
        subject.digest(payload.digest),
        `${confirmedOf(payload.line)}${payload.architecture}`,
      ];
    case 'image-withdrawn':
      return [subject.line(payload.line)];
    case 'statement-made':
    case 'statement-withdrawn':
    case 'exception-granted':
    case 'exception-ended':
      return [subject.vulnerability(payload.vulnerability)];
    case 'review-decided':
    case 'evidence-corrected':
    case 'head-signed':
    case 'payload-sealed':
    case 'payload-erased':
    // A kind of fact that only a newer program knows is about nothing that this one asks for.
    default:
      return [];
  }
}

export const subjectsForm = 1;

/** Of each line and architecture: its confirmations. A start of subjects, not a subject. */
export const CONFIRMED = 'confirmed ';

export function confirmedOf(line: string): string {
  return `${CONFIRMED}${line}\n`;
}

export const subject = {
  vulnerability: (id: string) => `vulnerability ${id}`,
  /** Advisories that speak of a package. */
  affected: (name: string) => `affected ${name}`,
  /** By a purl. The short name stands first, so that whoever knows no more finds it by the start of the subject. */
  upstream: (purl: string) => `${upstreamNamed(purl.slice(purl.lastIndexOf('/') + 1))}${purl}`,
  package: (name: string) => `package ${name}`,
  line: (line: string) => `line ${line}`,
  digest: (digest: string) => `digest ${digest}`,
  type: (type: 'aliases-corrected' | 'policy-adopted') => `type ${type}`,
} as const;

/** The start of the subject of every upstream whose short name this is. */
export function upstreamNamed(name: string): string {
  return `upstream ${name}\n`;
}

function distinct(subjects: readonly string[]): readonly string[] {
  return [...new Set(subjects)];
}
