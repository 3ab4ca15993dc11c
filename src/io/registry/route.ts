import { parseDigest, type Digest } from '../../core/digest.ts';

/** What a path under `/v2/` asks for, its names already checked (OCI distribution-spec 1.1, "Endpoints"). */
export type Route =
  | { readonly kind: 'base' }
  | { readonly kind: 'catalog' }
  | { readonly kind: 'tags'; readonly name: string }
  | { readonly kind: 'manifest'; readonly name: string; readonly reference: Reference }
  | { readonly kind: 'blob'; readonly name: string; readonly digest: Digest }
  | { readonly kind: 'uploads'; readonly name: string }
  | { readonly kind: 'upload'; readonly name: string; readonly id: string }
  | { readonly kind: 'referrers'; readonly name: string; readonly digest: Digest }
  | { readonly kind: 'refused'; readonly code: 'NAME_INVALID' | 'TAG_INVALID' | 'DIGEST_INVALID'; readonly why: string }
  | { readonly kind: 'none' };

export type Reference =
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'digest'; readonly digest: Digest };

/** Names become folders and tags become files, so nothing that the two patterns refuse ever reaches the disk. */
export function routeOf(path: string): Route {
  if (path === '/v2/' || path === '/v2') return { kind: 'base' };
  if (path === '/v2/_catalog') return { kind: 'catalog' };
  // The name may hold slashes, so the resource is recognised from the end of the path.
  const match = RESOURCE.exec(path);
  const [, name, resource, rest] = match ?? [];
  if (name === undefined || resource === undefined || rest === undefined) return { kind: 'none' };
  if (!isName(name)) return refused('NAME_INVALID', `"${shown(name)}" is not a repository name`);
  return resourceOf(name, resource, rest);
}

/** Repository names of the distribution-spec; the length leaves room for the tags that are built from them. */
export function isName(text: string): boolean {
  return text.length <= 255 && NAME.test(text);
}

export function isTag(text: string): boolean {
  return TAG.test(text);
}

const RESOURCE = /^\/v2\/(.+)\/(tags|manifests|blobs\/uploads|blobs|referrers)\/([^/]*)$/;
const NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const UPLOAD = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function resourceOf(name: string, resource: string, rest: string): Route {
  switch (resource) {
    case 'tags':
      return rest === 'list' ? { kind: 'tags', name } : { kind: 'none' };
    case 'manifests':
      return manifestOf(name, rest);
    case 'blobs/uploads':
      if (rest === '') return { kind: 'uploads', name };
      return UPLOAD.test(rest) ? { kind: 'upload', name, id: rest } : { kind: 'none' };
    default:
      return digestOnly(name, resource === 'blobs' ? 'blob' : 'referrers', rest);
  }
}

function manifestOf(name: string, rest: string): Route {
  if (rest.includes(':')) {
    const digest = parseDigest(rest);
    if (digest === undefined) return refused('DIGEST_INVALID', `"${shown(rest)}" is not a sha256 digest`);
    return { kind: 'manifest', name, reference: { kind: 'digest', digest } };
  }
  if (!isTag(rest)) return refused('TAG_INVALID', `"${shown(rest)}" is not a tag`);
  return { kind: 'manifest', name, reference: { kind: 'tag', tag: rest } };
}

function digestOnly(name: string, kind: 'blob' | 'referrers', rest: string): Route {
  const digest = parseDigest(rest);
  if (digest === undefined) return refused('DIGEST_INVALID', `"${shown(rest)}" is not a sha256 digest`);
  return { kind, name, digest };
}

function refused(code: 'NAME_INVALID' | 'TAG_INVALID' | 'DIGEST_INVALID', why: string): Route {
  return { kind: 'refused', code, why };
}

/** What came from outside goes back shortened: an error answer has a bound too. */
function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
