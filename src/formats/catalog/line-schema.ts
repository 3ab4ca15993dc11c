import { z } from 'zod';
import { architectureName, debianSuites, looseText, object } from './schema-parts.ts';

const NUMBER = z.int().min(0).max(4_294_967_294);
const accountName = z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, { error: 'is not the name of an account' });

const accounts = object({
  users: z
    .array(
      object(
        {
          username: accountName.meta({ description: 'Name of the account.', examples: ['nonroot'] }),
          uid: NUMBER.meta({ description: 'Number of the account.', examples: [65532] }),
          gid: NUMBER.optional().meta({
            description: 'Number of its group. Absent: the same as uid.',
            examples: [65532],
          }),
        },
        ['shell', 'homedir'],
      ),
    )
    .max(1, { error: 'has more than one user, which is not supported yet: the image knows the one that it runs as' })
    .default([])
    .meta({ description: 'The account that the image runs as.', examples: [[{ username: 'nonroot', uid: 65532 }]] }),
  groups: z
    .array(
      object(
        {
          groupname: accountName.meta({ description: 'Name of the group.', examples: ['nonroot'] }),
          gid: NUMBER.meta({ description: 'Number of the group.', examples: [65532] }),
        },
        ['members'],
      ),
    )
    .max(1, { error: 'has more than one group, which is not supported yet' })
    .default([])
    .meta({
      description: "The user's own group, by the same name and number.",
      examples: [[{ groupname: 'nonroot', gid: 65532 }]],
    }),
  'run-as': looseText()
    .optional()
    .meta({ description: 'Name or number of the user to run as. Absent: root.', examples: ['nonroot'] }),
});

const suture = object({
  line: z
    .string()
    .max(256)
    .regex(
      /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/,
      {
        error: 'is not repository:tag, such as hello:1 or web/nginx:1.28',
      },
    )
    .meta({ description: 'The one floating public tag that this file keeps patched.', examples: ['hello:1'] }),
  support: object({
    until: z
      .string()
      .optional()
      .meta({
        description: 'Last day on which the promise holds, or an instant in UTC. Absent: no end is known.',
        examples: ['2027-04-30', '2027-04-30T12:00:00Z'],
      }),
  })
    .prefault({})
    .meta({ description: 'How long this line is kept patched.', examples: [{ until: '2027-04-30' }] }),
  test: object({
    args: z
      .array(looseText())
      .max(100)
      .default([])
      .meta({ description: 'Arguments put after the entrypoint, in place of cmd.', examples: [['--version']] }),
    expect: looseText()
      .default('')
      .meta({ description: 'Text that it must print; empty = it must only end well.', examples: ['hello 1.'] }),
  })
    .optional()
    .meta({
      description: 'What is run before an image is published. Absent: the image is only started.',
      examples: [{ args: ['--version'], expect: 'hello 1.' }],
    }),
});

/** `lines/*.yaml`: apko's dialect for what an image holds, and a block of our own for what is promised about it. */
export const lineSchema = object(
  {
    contents: object(
      {
        repositories: debianSuites(
          "Suites of Debian that the image is based on. Empty: all packages come from this catalog's recipes.",
        ),
        packages: z
          .array(z.string().max(300))
          .min(1, { error: 'is empty: a line needs at least one package' })
          .max(2000)
          .meta({
            description:
              'Packages wanted, each with an optional bound (=, <, <=, >, >=, ~). A comment behind it says who holds it and why.',
            examples: [['hello<1.1', 'ca-bundle']],
          }),
      },
      ['build_repositories', 'runtime_repositories', 'keyring', 'runtime_keyring', 'baseimage'],
      { keyring: "packages come from this catalog's recipes and, by apt's keys, from suites of Debian" },
    ).meta({ description: 'What the image holds.', examples: [{ packages: ['hello'] }] }),
    entrypoint: object(
      {
        command: z
          .string()
          .max(10_000)
          .default('')
          .meta({ description: 'Program and arguments, split as a shell would.', examples: ['/usr/bin/hello --loud'] }),
      },
      ['type', 'shell-fragment', 'services'],
    )
      .prefault({})
      .meta({ description: 'What always runs.', examples: [{ command: '/usr/bin/hello' }] }),
    cmd: z
      .string()
      .max(10_000)
      .default('')
      .meta({ description: 'Arguments that a user may replace, split as a shell would.', examples: ['--help'] }),
    environment: z
      .record(z.string(), looseText())
      .default({})
      .meta({ description: 'Environment of the running image.', examples: [{ LANG: 'C.UTF-8' }] }),
    accounts: accounts.prefault({}).meta({
      description: 'Who the image runs as.',
      examples: [{ users: [{ username: 'nonroot', uid: 65532 }], 'run-as': 'nonroot' }],
    }),
    'work-dir': z
      .string()
      .regex(/^\//, { error: 'is not an absolute path' })
      .max(4096)
      .default('/')
      .meta({ description: 'Folder that it starts in.', examples: ['/work'] }),
    archs: z
      .array(architectureName)
      .min(1, { error: 'is empty: name at least one architecture' })
      .meta({
        description: 'Architectures published, by either name; each must be clean before a deadline counts as met.',
        examples: [['x86_64', 'aarch64']],
      }),
    annotations: z
      .record(z.string(), looseText())
      .default({})
      .meta({
        description: 'Put on the manifest and as labels of the image.',
        examples: [{ 'org.opencontainers.image.vendor': 'Acme' }],
      }),
    suture: suture.meta({ description: 'What is promised about this image.', examples: [{ line: 'hello:1' }] }),
  },
  ['stop-signal', 'volumes', 'paths', 'vcs-url', 'layering', 'format', 'certificates', 'include'],
);
