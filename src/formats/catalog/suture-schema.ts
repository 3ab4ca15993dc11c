import { z } from 'zod';
import { type FeedKind, feedKinds } from '../../core/catalog/catalog.ts';
import { duration, object } from './schema-parts.ts';

const feedAddress = (what: string, example: string) =>
  z
    .string()
    .min(1)
    .max(2000)
    .regex(/^(?!http:\/\/(?!(127\.0\.0\.1|localhost|\[::1\])[:/]))(?!(?!https?:)[a-z][a-z0-9+.-]+:\/\/)/i, {
      error: 'is not a folder, a file or an https address (http is for this machine only)',
    })
    .optional()
    .meta({
      description: `${what}: a folder, a file, a zip or an https address. Absent: this entry is of another kind.`,
      examples: [example],
    });

const feed = object({
  osv: feedAddress('Advisories in OSV form, JSON or YAML', 'feeds/osv'),
  ghsa: feedAddress("GitHub's advisories in OSV form (github/advisory-database)", 'feeds/advisory-database'),
  govulndb: feedAddress("Go's advisories, with the packages and symbols that are affected", 'feeds/govulndb.zip'),
  rustsec: feedAddress("RustSec's advisories, as they are written or in OSV form", 'feeds/rustsec'),
  rubysec: feedAddress("RubySec's advisories (ruby-advisory-db)", 'feeds/ruby-advisory-db'),
  pypa: feedAddress("Python's advisories (pypa/advisory-database)", 'feeds/pypa'),
  secdb: feedAddress('What Alpine and its like have fixed, one file per release and repository', 'feeds/secdb'),
  debian: feedAddress("The state of every vulnerability by Debian's security tracker", 'feeds/debian.json'),
  dsa: feedAddress("Debian's lists of its notices: DSA, DLA and DTSA", 'feeds/security-tracker/data'),
  nvd: feedAddress('CVE records of NVD, version 2.0, for their ratings', 'feeds/nvd'),
  openvex: feedAddress('What others state about their products, in OpenVEX', 'feeds/vexhub'),
  kev: feedAddress('The list of known exploited vulnerabilities', 'feeds/kev.json'),
  epss: feedAddress('Exploit prediction scores', 'feeds/epss.csv.gz'),
} satisfies Record<FeedKind, unknown>).superRefine((entry, context) => {
  const kinds = Object.values(entry).filter((value) => value !== undefined).length;
  if (kinds !== 1) context.addIssue({ code: 'custom', message: `must have exactly one of ${feedKinds.join(', ')}` });
});

const registry = object({
  embedded: object({
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(5050)
      .meta({ description: 'Port on 127.0.0.1; 0 = any free one.', examples: [5050] }),
  })
    .optional()
    .meta({
      description: 'Our own registry, served on this machine. Absent: `host` names another one.',
      examples: [{ port: 5050 }],
    }),
  host: z
    .string()
    .regex(/^[A-Za-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-fA-F:]+\](:\d{1,5})?$/, {
      error: 'is not host or host:port, without https:// and without a path',
    })
    .optional()
    .meta({ description: 'Any OCI registry. Absent: the embedded one.', examples: ['registry.example:5000'] }),
  'plain-http': z
    .boolean()
    .optional()
    .meta({ description: 'Speak http instead of https to `host`.', default: false, examples: [true] }),
  'repository-prefix': z
    .string()
    .regex(/^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/, { error: 'is not a repository path such as team/images' })
    .max(200)
    .optional()
    .meta({ description: 'Put before the repository of every line. Absent: nothing.', examples: ['team/images'] }),
}).superRefine((value, context) => {
  if (value.embedded !== undefined && value.host !== undefined) {
    context.addIssue({
      code: 'custom',
      path: ['host'],
      message: 'cannot stand beside `embedded`: choose one registry',
    });
  }
  if (value.host !== undefined) return;
  for (const key of ['plain-http', 'repository-prefix'] as const) {
    if (value[key] !== undefined) {
      context.addIssue({
        code: 'custom',
        path: [key],
        message: 'needs `host`: the embedded registry has no such choice',
      });
    }
  }
});

/** `suture.yaml`: where a catalog begins. */
export const sutureSchema = object({
  name: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'is not a name: lower-case letters, digits and single hyphens' })
    .max(63)
    .meta({ description: 'Name of this catalog, shown on pages and in statements.', examples: ['acme-images'] }),
  registry: registry.prefault({ embedded: {} }).meta({
    description: 'Where images are published: the embedded registry or one of yours.',
    examples: [{ embedded: { port: 5050 } }, { host: 'registry.example', 'repository-prefix': 'team' }],
  }),
  feeds: z
    .array(feed)
    .max(1000)
    .default([])
    .meta({
      description: 'What is known about vulnerabilities, read at every tick. Paths are relative to this file.',
      examples: [[{ osv: 'feeds/osv' }, { kev: 'feeds/kev.json' }]],
    }),
  build: object({
    root: z
      .string()
      .min(1)
      .max(4096)
      .default('root')
      .meta({ description: 'Folder or OCI layout that builds run in, relative to this file.', examples: ['root'] }),
    timeout: duration()
      .prefault('30m')
      .meta({ description: 'Longest time that one build may take.', examples: ['30m', '2h'] }),
    memory: z
      .string()
      .regex(/^[1-9]\d{0,6}(MiB|GiB)$/, { error: 'is not an amount of memory such as 512MiB or 2GiB' })
      .transform((text) => Number(text.slice(0, -3)) * (text.endsWith('GiB') ? 2 ** 30 : 2 ** 20))
      .prefault('2GiB')
      .meta({ description: 'Most memory that one build may take.', examples: ['2GiB'] }),
  })
    .prefault({})
    .meta({ description: 'How packages are built.', examples: [{ root: 'root', timeout: '30m', memory: '2GiB' }] }),
  ledger: object({
    'sign-every': duration()
      .prefault('10m')
      .meta({
        description: 'How long facts may stand in the ledger until its head is signed.',
        examples: ['10m', '1h'],
      }),
    'sign-facts': z
      .int()
      .min(1)
      .max(1_000_000)
      .default(1000)
      .meta({
        description: 'How many facts may stand in it unsigned: its head is signed sooner where they are more.',
        examples: [1000],
      }),
  })
    .prefault({})
    .meta({
      description: 'How often a running factory signs the head of its ledger: whichever of the two is reached first.',
      examples: [{ 'sign-every': '10m', 'sign-facts': 1000 }],
    }),
  changes: z
    .enum(['here', 'apart'])
    .default('here')
    .meta({
      description:
        'Where merged changes go: `here` commits them to the repository of this folder, `apart` leaves the folder alone and keeps them in `.suture/catalog`.',
      examples: ['apart'],
    }),
});
