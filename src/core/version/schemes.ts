/**
 * The orders of versions that exist here. `generic` is for upstreams that follow no scheme, `dotted` for ecosystems
 * whose versions are rows of numbers (CRAN, Hackage), `pub` for SemVer in which build metadata counts (Pub, Julia).
 */
export const versionSchemes = [
  'semver',
  'apk',
  'deb',
  'rpm',
  'go',
  'pypi',
  'maven',
  'rubygems',
  'nuget',
  'packagist',
  'pub',
  'bitnami',
  'dotted',
  'generic',
] as const;
