/**
 * The maintained branch that a version belongs to when nobody says otherwise: its major number, and below 1.0 its minor
 * as well (`1.25.3-r1` -> `1`, `0.9.8` -> `0.9`). A leading `v` is passed over; what has no number is its own stream.
 */
export function streamOf(version: string): string {
  const numbers = /^v?([0-9]+)(?:\.([0-9]+))?/.exec(version);
  const [, major, minor] = numbers ?? [];
  if (major === undefined) return version;
  return major === '0' && minor !== undefined ? `0.${minor}` : major;
}

/** The same where the package is known: Go maintains its minor releases as branches. */
export function branchOf(upstream: string, version: string): string {
  const isGo = upstream === 'pkg:golang/stdlib' || upstream === 'pkg:golang/toolchain';
  return (isGo ? /^(?:v|go)?([0-9]+\.[0-9]+)/.exec(version)?.[1] : undefined) ?? streamOf(version);
}
