/**
 * The release of a distribution in the words of the records that speak of it (OSV schema, "affected[].package", and what each
 * database writes after the colon): `9` for `Rocky Linux:9`, `enterprise_linux:9`, `Linux Enterprise 15 SP5`, `Leap 15.6`,
 * `24.03-LTS-SP1`. `id` and `release` are those of os-release(5), or of the qualifier `distro` of a purl. Empty where that cannot be
 * told: its packages are then of no release that any record means.
 */
export function releaseStream(id: string, release: string): string {
  const rule = RULES.get(id) ?? mainNumber;
  return rule(release) ?? '';
}

/**
 * What the name of a product says of the system it is for. Red Hat names the repository (`enterprise_linux:9::baseos`, a CPE without
 * its beginning) and SUSE the module (`Linux Enterprise Module for Basesystem 15 SP5`): a system has several of them, and a package
 * lies in whichever. What is sold for a release whose general support has ended is `channel`: it is flawed all the same, and the fix
 * is for those who pay. Streams that another system is kept on, as `rhel_eus:9.2::baseos`, are their own.
 */
export function productStream(base: string, product: string): { readonly stream: string; readonly channel?: string } {
  if (base === 'Red Hat') {
    const [, main] = /^enterprise_linux:([0-9]+)(?:\.[0-9]+)?(?:::|$)/.exec(product) ?? [];
    return { stream: main === undefined ? product : `enterprise_linux:${main}` };
  }
  if (base !== 'SUSE') return { stream: product };
  const [, named = '', number, extra = ''] = ENTERPRISE.exec(product) ?? [];
  if (number === undefined) return { stream: product };
  const channel = /LTSS|ESPOS/.exec(`${named} ${extra}`)?.[0].toLowerCase();
  return { stream: `Linux Enterprise ${number}`, ...(channel === undefined ? {} : { channel }) };
}

/** Micro is a system of its own, and so is what was made for one customer (`-TERADATA`). */
const ENTERPRISE =
  /^Linux Enterprise (?!Micro )(.*?) ?([0-9]+(?: SP[0-9]+|\.[0-9]+)?)((?:-(?:LTSS|ESPOS))?(?: Extended Security)?)$/;

type Rule = (release: string) => string | undefined;

const mainNumber: Rule = (release) => /^[0-9]+/.exec(release)?.[0] ?? release;
const twoNumbers: Rule = (release) => /^[0-9]+\.[0-9]+/.exec(release)?.[0] ?? release;
const redHat: Rule = (release) => after('enterprise_linux:', /^[0-9]+/.exec(release)?.[0]);

/** VERSION_ID `15.5` is service pack 5; from 16 on the second number is one. */
const enterprise: Rule = (release) => {
  const [, main, second] = /^([0-9]+)(?:(?:\.|[- ]?sp)([0-9]+))?/i.exec(release) ?? [];
  if (main === undefined) return undefined;
  if (Number(main) >= 16) return `Linux Enterprise ${main}.${second ?? '0'}`;
  return `Linux Enterprise ${main}${second === undefined || second === '0' ? '' : ` SP${second}`}`;
};

/** Renamed with version 6. */
const micro: Rule = (release) => {
  const number = /^([0-9]+)\.[0-9]+/.exec(release);
  return after(Number(number?.[1]) >= 6 ? 'Linux Micro ' : 'Linux Enterprise Micro ', number?.[0]);
};

/** Makers of documents write `leap-15.6` and `tumbleweed-20260101` after a plain `opensuse-`. */
const openSuse: Rule = (release) => {
  if (release.startsWith('tumbleweed') || /^20[0-9]{6}$/.test(release)) return 'Tumbleweed';
  return after('Leap ', /^(?:leap[-.])?([0-9]+\.[0-9]+)/.exec(release)?.[1]);
};

/** VERSION_ID is `24.03` of the first release and of each service pack after it, so of those that have any it tells nothing. */
const openEuler: Rule = (release) => {
  const [, number, pack] = /^([0-9]{2}\.[0-9]{2})((?:-lts)?(?:-sp[0-9]+)?)$/i.exec(release) ?? [];
  if (number === undefined || pack === undefined) return undefined;
  return pack === '' && /^[0-9][02468]\.03$/.test(number) ? undefined : `${number}${pack.toUpperCase()}`;
};

function after(words: string, number: string | undefined): string | undefined {
  return number === undefined ? undefined : `${words}${number}`;
}

/**
 * By `ID` of os-release(5). Sources: Red Hat, OSV converter of its security data (CPEs in `affected[].package.ecosystem`); SUSE and
 * openSUSE, product names of their CVRF/CSAF as in os-release's PRETTY_NAME; openEuler, product names of its security notices;
 * the others, their own OSV data.
 */
const RULES: ReadonlyMap<string, Rule> = new Map([
  ['redhat', redHat],
  ['rhel', redHat],
  ['suse', enterprise],
  ['sled', enterprise],
  ['sles', enterprise],
  ['sles_sap', enterprise],
  ['sle_hpc', enterprise],
  ['sle-micro', micro],
  ['sle-micro-rancher', micro],
  ['sl-micro', micro],
  ['opensuse', openSuse],
  ['opensuse-leap', openSuse],
  ['opensuse-tumbleweed', () => 'Tumbleweed'],
  ['opensuse-leap-micro', (release) => after('Leap Micro ', twoNumbers(release))],
  ['openeuler', openEuler],
  ['photon', twoNumbers],
]);
