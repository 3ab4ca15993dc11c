/**
 * Documentation, caches and the records of package managers promise nothing to a program: apk's and dpkg's databases, our
 * own inventory, and what Debian says no program may need to run (Debian Policy 12.3, "Additional documentation").
 */
export function mayGo(path: string): boolean {
  return MAY_GO.test(path);
}

const MAY_GO =
  /^usr\/share\/(?:doc|doc-base|man|info|lintian|bug|licenses|locale)\/|^var\/lib\/(?:dpkg|db\/sbom)\/|^(?:usr\/)?lib\/apk\/|\.pyc$/;

/**
 * Files under /etc that say what the image is, and change with it: the names of the distribution and its release, apk's
 * settings, the loader's cache (ld.so(8)). The lists of accounts are compared account by account.
 */
export function describesImage(path: string): boolean {
  return DESCRIBES_IMAGE.test(path);
}

const DESCRIBES_IMAGE =
  /^etc\/(?:apk\/|(?:os-release|debian_version|issue|issue\.net|ld\.so\.cache|(?:passwd|group)-?)$)/;

/** Links by which one of several programs answers to a common name (update-alternatives(1)). */
export function isAlternative(path: string): boolean {
  return path.startsWith('etc/alternatives/');
}
