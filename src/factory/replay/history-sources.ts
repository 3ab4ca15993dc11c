/** Public repositories of whose clones a history can be made. */
export const historySources = ['golang-vulndb', 'wolfi-os'] as const;

export type HistorySource = (typeof historySources)[number];
