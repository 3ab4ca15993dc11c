import * as z from 'zod';

/** Closed lists of the OSV schema (1.7.5, `prefix` and `ecosystemName`): a record with any other name is refused. */
export const registeredPrefixes =
  'ASB-A PUB-A ALPINE ALSA ALBA ALEA AZL BELL BIT CGA CLEANSTART CLSA CURL CVE DEBIAN DHI DRUPAL DSA DLA ELA DTSA ECHO EEF FreeBSD GHSA GO GSD HSEC JLSEC KUBE LBSEC LSN MAL MINI MGASA OESA OSEC OSV openSUSE-SU PHSA PSF PYSEC RHBA RHEA RHSA RLSA RXSA RSEC ROOT RUSTSEC SUSE-SU SUSE-RU SUSE-FU SUSE-OU UBUNTU USN V8'.split(
    ' ',
  );

export const registeredEcosystems = [
  'AlmaLinux,Alpaquita,Alpine,Android,Azure Linux,BellSoft Hardened Containers,Bioconductor,Bitnami,Chainguard',
  'CleanStart,ConanCenter,CRAN,crates.io,Debian,Docker Hardened Images,Echo,FreeBSD,GHC,GitHub Actions,Go,Hackage',
  'Hex,Julia,Kubernetes,Linux,Mageia,Maven,MinimOS,npm,NuGet,opam,openEuler,openSUSE,OSS-Fuzz,Packagist,Photon OS',
  'Pub,PyPI,Red Hat,Rocky Linux,Root,RubyGems,SUSE,SwiftURL,TuxCare,Ubuntu,VSCode,Wolfi',
].flatMap((row) => row.split(','));

/** Why consumers that hold to the schema refuse a record that is otherwise whole. */
export function idProblem(json: unknown): readonly string[] {
  const parsed = named.safeParse(json);
  if (!parsed.success) return [];
  const { id, affected } = parsed.data;
  const problems: string[] = [];
  if (!id.startsWith('x_') && !registeredPrefixes.some((prefix) => id.startsWith(`${prefix}-`))) {
    problems.push(`its id ${id} has no registered prefix; ids of one's own begin with x_`);
  }
  for (const { package: about, ranges = [] } of affected ?? []) {
    const base = about?.ecosystem.split(':')[0];
    if (base !== undefined && base !== 'GIT' && !registeredEcosystems.includes(base)) {
      problems.push(`the ecosystem ${about?.ecosystem} is not registered; leave \`package\` out`);
    }
    if (ranges.some(({ events }) => !events.some((event) => event.introduced !== undefined))) {
      problems.push('a range has no `introduced`');
    }
  }
  return problems;
}

const named = z.object({
  id: z.string(),
  affected: z
    .array(
      z.object({
        package: z.object({ ecosystem: z.string() }).optional(),
        ranges: z.array(z.object({ events: z.array(z.object({ introduced: z.string().optional() })) })).optional(),
      }),
    )
    .optional(),
});
