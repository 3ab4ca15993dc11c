import type { BadInput } from './case.ts';

export const registries: readonly BadInput[] = [];
