/**
 * The version that upstream gave to what a source package of Debian carries: `1.2.13` of `1:1.2.13.dfsg-1+deb12u1`. Marks
 * of what Debian took out or packed anew go (`+dfsg1`, `.dfsg`, `+ds`, `+repack`, `+really…` keeps what is really there), and
 * `~rc1`, which precedes a release, is spelt as recipes spell it.
 */
export function debianUpstreamVersion(version: string): string {
  const upstream = version.replace(/^[0-9]+:/, '').replace(/-[^-]*$/, '');
  const really = /\+really([0-9].*)$/.exec(upstream)?.[1] ?? upstream;
  return really.replace(/[+.~-]?(?:dfsg|ds|repack|orig|debian)[0-9.]*$/i, '').replace(/~(?=alpha|beta|rc|pre)/i, '_');
}
