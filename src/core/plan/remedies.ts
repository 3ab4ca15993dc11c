import type { Catalog } from '../catalog/catalog.ts';
import { fullVersion } from '../catalog/full-version.ts';
import type { Claim, Obligation } from '../promise/standing.ts';
import { compareVersions } from '../version/compare.ts';
import { boundText, isAllowed } from './composition.ts';
import { urgentClaim } from './obligation-reason.ts';

/** One way to end an obligation: whether it is the one, and in either case why. */
export interface Remedy {
  readonly remedy:
    | 'upgrade'
    | 'import'
    | 'recompose'
    | 'rebuild'
    | 'cherry-pick'
    | 'backport'
    | 'not-affected'
    | 'waiver';
  readonly taken: boolean;
  readonly why: string;
}

/**
 * Every remedy with why it is taken or not, for the most urgent open claim. `carried`: what the policy says of carrying
 * a fix ahead of its release; undefined while nobody knows of a fix.
 */
export function remediesOf(
  obligation: Obligation,
  catalog: Pick<Catalog, 'recipes' | 'lines'>,
  carried: { readonly take: boolean; readonly why: string } | undefined,
): readonly Remedy[] {
  const claim = urgentClaim(obligation);
  if (claim === undefined) return [];
  const world = worldOf(claim, obligation, catalog);
  const { fix } = claim;
  const isDistributions = claim.upstream.startsWith('pkg:deb/');
  return [
    isDistributions ? importing(claim) : upgrading(claim, world),
    recomposing(claim, world),
    {
      remedy: 'rebuild',
      taken: false,
      why: 'the flaw is in the sources, not in what they were compiled with: the same sources would hold it again',
    },
    carrying(claim, carried),
    {
      remedy: 'backport',
      taken: false,
      why:
        fix === null
          ? 'no release has the fix, so there is nothing to carry back'
          : world.held === undefined
            ? 'the line may take the release itself'
            : `${world.held}; a person must order it`,
    },
    {
      remedy: 'not-affected',
      taken: false,
      why: 'nobody stated that it cannot be reached here',
    },
    {
      remedy: 'waiver',
      taken: false,
      why: 'it would not mend anything; a person may grant one in exceptions.yaml',
    },
  ];
}

interface World {
  readonly recipe: Catalog['recipes'][number] | undefined;
  /** Recipe is at the fix or above it. */
  readonly isRaised: boolean;
  /** "hello:1 holds hello<1.1 at lines/hello.yaml:4:5", where a bound keeps the fix out. */
  readonly held: string | undefined;
}

function worldOf(claim: Claim, { line: name }: Obligation, catalog: Pick<Catalog, 'recipes' | 'lines'>): World {
  const { upstream, stream, fix } = claim;
  const recipe = catalog.recipes.find((each) => each.upstream.purl === upstream && each.upstream.stream === stream);
  const line = catalog.lines.find((each) => each.line === name);
  if (recipe === undefined || fix === null) return { recipe, isRaised: false, held: undefined };
  const version = fullVersion({ version: fix.version, epoch: 0, format: recipe.format });
  const wanted = line?.packages.find((each) => each.name === recipe.name && !isAllowed(each, version, recipe.format));
  const held = wanted && `${name} holds ${wanted.name}${boundText(wanted)} at ${wanted.at}`;
  return { recipe, isRaised: compareVersions(recipe.upstream.scheme, recipe.version, fix.version) >= 0, held };
}

function upgrading({ upstream, stream, fix }: Claim, { recipe, isRaised, held }: World): Remedy {
  const no = (why: string): Remedy => ({ remedy: 'upgrade', taken: false, why });
  if (fix === null) return no(`no usable release of ${upstream} ${stream} has the fix`);
  if (recipe === undefined) return no(`no recipe of this catalog builds ${upstream} ${stream}`);
  if (held !== undefined) return no(`${held}, and ${fix.version} is outside`);
  if (!isRaised && !recipe.update.enabled)
    return no(`${recipe.file} does not follow its upstream (update.enabled: false)`);
  const how = isRaised ? `${recipe.file} is at ${recipe.version} already` : `${recipe.file} is raised to it`;
  return { remedy: 'upgrade', taken: true, why: `${fix.version} is the first release with the fix; ${how}` };
}

function importing({ upstream, fix }: Claim): Remedy {
  return {
    remedy: 'import',
    taken: fix !== null,
    why:
      fix === null
        ? `no suite that the line takes has a version of ${upstream} with the fix`
        : `${fix.version} is taken over from the suite that has it`,
  };
}

function recomposing({ fix }: Claim, { isRaised, held }: World): Remedy {
  const taken = fix !== null && isRaised && held === undefined;
  const why = taken
    ? 'the package with the fix is built or being built: the image is made anew of it'
    : 'the image would be made of the same packages again';
  return { remedy: 'recompose', taken, why };
}

function carrying({ fix }: Claim, carried: { readonly take: boolean; readonly why: string } | undefined): Remedy {
  if (fix !== null) return { remedy: 'cherry-pick', taken: false, why: `upstream has released ${fix.version}` };
  if (carried === undefined) return { remedy: 'cherry-pick', taken: false, why: 'nobody knows of a fix yet' };
  const words = carried.take ? `the policy allows it, a person must order it: ${carried.why}` : carried.why;
  return { remedy: 'cherry-pick', taken: false, why: words };
}
