import type { Architecture } from '../../core/fact.ts';
import { isOpen, type Obligation } from '../../core/promise/standing.ts';
import { openvexOfProduct, type VexEntry } from '../../formats/openvex/encode-openvex.ts';
import { vexOfObligations } from '../../formats/openvex/vex-of-obligations.ts';
import type { FeedLine, FeedWorld } from './feed-facts.ts';
import { type FeedFile, jsonFile } from './feed-file.ts';

/**
 * OpenVEX: one document for each line, about what its tag leads to, and one for each architecture's digest. What is not
 * fixed yet is in them too. A line about which there is nothing to say has none: the standard has no such document.
 */
export function vexFiles(world: FeedWorld): readonly FeedFile[] {
  return world.lines.flatMap((line) => {
    const documents = [
      {
        path: `openvex/lines/${fileName(line.line)}.openvex.json`,
        digest: line.digest,
        entries: entriesOf(line, { architecture: null, at: world.at }),
      },
      ...line.images.map(({ architecture, digest }) => ({
        path: `openvex/digests/${fileName(digest)}.openvex.json`,
        digest,
        entries: entriesOf(line, { architecture, at: world.at }),
      })),
    ];
    return documents
      .filter(({ entries }) => entries.length > 0)
      .map(({ path, digest, entries }) =>
        jsonFile(
          path,
          openvexOfProduct(
            { repository: line.repository, digest, at: world.at, programVersion: world.programVersion },
            entries,
            `Suture (${world.publisher})`,
          ),
        ),
      );
  });
}

/** Each obligation once. What is open for the line and does not lie in this architecture's image is fixed in it. */
export function entriesOf(
  line: FeedLine,
  { architecture, at }: { readonly architecture: Architecture | null; readonly at: Temporal.Instant },
): readonly VexEntry[] {
  const images = line.images.filter((image) => architecture === null || image.architecture === architecture);
  const components = images.flatMap((image) => image.inventory.components);
  const purlsOf = ({ claims }: Obligation): readonly string[] => {
    const upstreams = new Set(claims.map((claim) => claim.upstream));
    return [...new Set(components.filter((one) => upstreams.has(one.upstream)).map((one) => one.purl))];
  };
  const byVulnerability = new Map(line.obligations.map((each) => [each.vulnerability, each]));
  const { statements, held } = line;
  return vexOfObligations(line.obligations, { statements, held, now: at, purlsOf }).map((entry) => {
    const obligation = byVulnerability.get(entry.vulnerability);
    const isElsewhere = obligation !== undefined && isOpen(entry.standing) && !holds(obligation, architecture);
    return isElsewhere ? fixedEntry(entry) : entry;
  });
}

function fixedEntry({ vulnerability, aliases, components, standing }: VexEntry): VexEntry {
  return { vulnerability, aliases, components, standing, due: null, status: 'fixed' };
}

function holds({ claims }: Obligation, architecture: Architecture | null): boolean {
  if (architecture === null) return true;
  const clocks = claims.flatMap((claim) => claim.architectures).filter((each) => each.architecture === architecture);
  return clocks.some(({ exposures }) => exposures.some(({ to }) => to === null));
}

function fileName(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9._-]/g, '-');
}
