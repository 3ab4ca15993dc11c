import type { Phase } from './hours.ts';

/** A piece of the time in words. */
export const phaseWords: Readonly<Record<Phase['name'], string>> = {
  look: 'look',
  match: 'match',
  decide: 'decide',
  build: 'build',
  test: 'test',
  publish: 'publish',
  person: 'a person',
  upstream: 'upstream',
  between: 'between steps',
  waiting: 'not finished',
};
