import type { Component } from './inventory.ts';

/** The component once for each name under which advisories may speak of it, its upstream first. */
export function underEveryName(component: Component): readonly Component[] {
  const { alsoNamed = [] } = component;
  if (alsoNamed.length === 0) return [component];
  return [component, ...alsoNamed.map((upstream) => ({ ...component, upstream }))];
}
