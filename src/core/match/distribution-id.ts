const PREFIXES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    almalinux: 'ALSA ALBA ALEA',
    alpine: 'ALPINE',
    amazon: 'ALAS',
    arch: 'ASA AVG',
    azurelinux: 'AZL',
    bellsoft: 'BELL',
    chainguard: 'CGA',
    cleanstart: 'CLEANSTART',
    debian: 'DSA DLA DTSA DEBIAN',
    docker: 'DHI',
    echo: 'ECHO',
    fedora: 'FEDORA',
    gentoo: 'GLSA',
    mageia: 'MGASA',
    minimos: 'MINI',
    openeuler: 'OESA openEuler',
    opensuse: 'openSUSE',
    oracle: 'ELSA ELBA ELEA',
    photon: 'PHSA',
    redhat: 'RHSA RHBA RHEA',
    rocky: 'RLSA RLBA RLEA RXSA RXBA RXEA',
    root: 'ROOT',
    suse: 'SUSE',
    tuxcare: 'TUXCARE CLSA',
    ubuntu: 'USN LSN UBUNTU',
  }).flatMap(([distribution, prefixes]) => prefixes.split(' ').map((prefix) => [prefix, distribution])),
);

/**
 * Which distribution gives such ids to its own notices and records, often one for several flaws (`DSA-5378-1`,
 * `ALPINE-CVE-2026-0001`, `ALAS2023-2026-1`); undefined for ids of vulnerabilities.
 */
export function distributionOfId(id: string): string | undefined {
  const prefix = /^([A-Za-z]+?)(?:[0-9.]+)?[-:]/.exec(id)?.[1];
  return prefix === undefined ? undefined : PREFIXES.get(prefix);
}
