import { z } from 'zod';
import { versionSchemes } from '../../core/version/schemes.ts';
import { architectureName, debianSuites, looseText, object } from './schema-parts.ts';
import { updateSchema } from './update-schema.ts';

const pipelineStep = object(
  {
    name: z
      .string()
      .max(200)
      .optional()
      .meta({ description: 'Shown in the log. Absent: step 1, step 2 …', examples: ['compile'] }),
    runs: z
      .string()
      .optional()
      .meta({ description: 'Text for /bin/sh. Absent: the step has `uses`.', examples: ['make -j$(nproc)'] }),
    uses: z
      .string()
      .optional()
      .meta({
        description: 'A ready-made step: git-checkout, fetch or patch. Absent: the step has `runs`.',
        examples: ['git-checkout'],
      }),
    with: z
      .record(z.string(), looseText())
      .optional()
      .meta({
        description: 'Settings of the ready-made step. Absent: none.',
        examples: [{ repository: 'https://git.example.org/hello.git', tag: 'v${{package.version}}' }],
      }),
    'working-directory': z
      .string()
      .max(1000)
      .optional()
      .meta({
        description: 'Folder that the step runs in, below the sources. Absent: the sources themselves.',
        examples: ['src'],
      }),
  },
  ['pipeline', 'if', 'environment', 'inputs', 'needs', 'label', 'assertions'],
).superRefine((step, context) => {
  if ((step.runs === undefined) === (step.uses === undefined)) {
    context.addIssue({ code: 'custom', message: 'must have exactly one of `runs` and `uses`' });
  }
  if (step.with !== undefined && step.uses === undefined && step.runs !== undefined) {
    context.addIssue({
      code: 'custom',
      path: ['with'],
      message: 'belongs to `uses`: a step with `runs` has no settings',
    });
  }
});

const recipePackage = object(
  {
    name: z
      .string()
      .regex(/^[a-zA-Z\d][a-zA-Z\d+_.-]{0,127}$/, {
        error: 'is not a package name: letters, digits and + _ . -, starting with a letter or digit',
      })
      .meta({ description: 'Name of the package.', examples: ['hello'] }),
    // apk-tools doc/apk-package.5: digits, one letter, suffixes, commit hash.
    version: looseText()
      .max(128)
      .regex(/^\d+(\.\d+)*[a-z]?(_(alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*(~[0-9a-f]+)?$/, {
        error:
          'is not a version that packages can have: digits and dots, then perhaps a letter or a suffix such as _rc1',
      })
      .meta({ description: 'Version of the upstream release.', examples: ['1.0.1'] }),
    epoch: z
      .int()
      .min(0)
      .max(1_000_000)
      .meta({
        description: 'Revision: raised by one for every rebuild of the same version; the package is version-r<epoch>.',
        examples: [0],
      }),
    description: z
      .string()
      .max(2000)
      .default('')
      .meta({ description: 'One sentence about the package.', examples: ['Says hello'] }),
    'target-architecture': z
      .array(architectureName)
      .min(1, { error: 'is empty: name at least one architecture, or leave it out' })
      .default(['all'])
      .meta({ description: 'Architectures it is built for, by either name.', examples: [['x86_64', 'aarch64']] }),
    copyright: z
      .array(
        object(
          {
            license: z
              .string()
              .min(1)
              .max(500)
              .meta({ description: 'SPDX licence expression.', examples: ['Apache-2.0'] }),
            paths: z
              .array(z.string())
              .default(['*'])
              .meta({ description: 'Files that it covers.', examples: [['*']] }),
            attestation: z
              .string()
              .optional()
              .meta({ description: 'Copyright notice. Absent: none.', examples: ['(c) Acme'] }),
          },
          ['license-path', 'detection-override'],
        ),
      )
      .min(1, { error: 'is empty: a package needs a licence' })
      .meta({ description: 'Licences of the package.', examples: [[{ license: 'Apache-2.0' }]] }),
    dependencies: object(
      {
        runtime: z
          .array(z.string().max(300))
          .max(1000)
          .default([])
          .meta({
            description:
              'Packages that it needs when it runs, each with an optional bound. What programs are linked to is found out by the build of a deb.',
            examples: [['ca-bundle']],
          }),
        provides: z
          .array(z.string().max(300))
          .max(1000)
          .default([])
          .meta({ description: 'Other names that it answers to.', examples: [['libhello1=1.0.1']] }),
        replaces: z
          .array(z.string().max(300))
          .max(1000)
          .default([])
          .meta({
            description: 'Packages whose files it takes over; a deb cannot be installed beside them.',
            examples: [['libhello1']],
          }),
      },
      ['provider-priority', 'replaces-priority'],
    )
      .prefault({})
      .meta({ description: 'What it needs beside itself.', examples: [{ runtime: ['ca-bundle'] }] }),
  },
  [
    'annotations',
    'url',
    'commit',
    'options',
    'scriptlets',
    'checks',
    'cpe',
    'setcap',
    'timeout',
    'resources',
    'test-resources',
  ],
);

const suture = object({
  upstream: z
    .string()
    .max(500)
    .regex(/^pkg:[a-z][a-z0-9.+-]*\/[^@?#\s]+$/, {
      error: 'is not a package URL without version, such as pkg:generic/hello',
    })
    .optional()
    .meta({
      description: 'Package URL, without version, by which advisories know it. Absent: pkg:generic/NAME.',
      examples: ['pkg:generic/hello'],
    }),
  stream: looseText()
    .min(1)
    .max(64)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/, { error: 'is not the name of a stream, such as 1.0' })
    .meta({ description: 'The maintained branch of the upstream that this recipe follows.', examples: ['1.0'] }),
  scheme: z
    .enum(versionSchemes)
    .default('generic')
    .meta({ description: 'How versions of the upstream are ordered.', examples: ['semver'] }),
  patches: z
    .array(
      object({
        file: z
          .string()
          .regex(/^(?!.*(?:^|\/)\.{0,2}(?:\/|$))(recipes|patches)\/[^\0\n]+$/, {
            error: 'is not a file below patches/ or recipes/',
          })
          .meta({ description: 'Patch file, relative to the catalog.', examples: ['patches/CVE-2099-0001.patch'] }),
        fixes: z
          .array(
            z
              .string()
              .max(100)
              .regex(/^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)+$/, {
                error: 'is not the id of a vulnerability, such as CVE-2099-0001',
              }),
          )
          .max(1000)
          .default([])
          .meta({ description: 'Vulnerabilities that it removes.', examples: [['CVE-2099-0001']] }),
      }),
    )
    .max(1000)
    .default([])
    .meta({
      description: 'Applied to the sources in this order: the upstream delta that users see.',
      examples: [[{ file: 'patches/CVE-2099-0001.patch', fixes: ['CVE-2099-0001'] }]],
    }),
});

/** `recipes/*.yaml`: melange's dialect for how a package is built, and a block of our own for whom it follows. */
export const recipeSchema = object(
  {
    package: recipePackage.meta({
      description: 'What is made.',
      examples: [{ name: 'hello', version: '1.0.1', epoch: 0, copyright: [{ license: 'Apache-2.0' }] }],
    }),
    environment: object(
      {
        environment: z
          .record(z.string(), looseText())
          .default({})
          .meta({ description: 'Environment of every step.', examples: [{ CFLAGS: '-O2' }] }),
        contents: object(
          {
            repositories: debianSuites(
              'Suites of Debian that the build root is made of; the package is a deb then. Empty: the root that suture.yaml names.',
            ),
            packages: z
              .array(z.string().max(300))
              .max(1000)
              .default([])
              .meta({
                description: 'Packages of the build root, with all that they depend on.',
                examples: [['gcc', 'make', 'libc6-dev']],
              }),
          },
          ['build_repositories', 'runtime_repositories', 'keyring'],
        )
          .prefault({})
          .meta({
            description: 'What the build root holds.',
            examples: [{ repositories: ['debian:bookworm'], packages: ['gcc', 'make', 'libc6-dev'] }],
          }),
      },
      ['accounts', 'archs', 'entrypoint', 'cmd', 'work-dir', 'paths'],
    )
      .prefault({})
      .meta({ description: 'The surroundings of the build.', examples: [{ environment: { CFLAGS: '-O2' } }] }),
    vars: z
      .record(
        z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/, { error: 'is not a name for a variable' }),
        looseText(),
      )
      .default({})
      .meta({ description: 'Texts of your own, used as ${{vars.name}}.', examples: [{ soname: '1' }] }),
    pipeline: z
      .array(pipelineStep)
      .min(1, { error: 'is empty: a recipe needs at least one step' })
      .max(500)
      .meta({ description: 'Steps in order.', examples: [[{ runs: 'make DESTDIR=${{targets.destdir}} install' }]] }),
    update: updateSchema.prefault({}).meta({
      description: 'Which releases of the upstream belong to this recipe.',
      examples: [{ enabled: true, git: { 'strip-prefix': 'v', 'tag-filter-prefix': 'v1.0.' } }],
    }),
    test: object(
      {
        pipeline: z
          .array(pipelineStep)
          .max(500)
          .default([])
          .meta({
            description: 'Steps that must succeed with the built package in place.',
            examples: [[{ runs: 'hello --version' }]],
          }),
      },
      ['environment'],
    )
      .prefault({})
      .meta({
        description: 'What is tried before the package is taken.',
        examples: [{ pipeline: [{ runs: 'hello' }] }],
      }),
    suture: suture.meta({ description: 'Whose releases and advisories count.', examples: [{ stream: '1.0' }] }),
  },
  ['subpackages', 'data', 'var-transforms', 'options', 'capabilities'],
);
