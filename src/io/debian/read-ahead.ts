interface Item<T> {
  readonly value: T;
  /** How much of the bound it takes up. */
  readonly sizeBytes: number;
}

/**
 * Opens things before they are asked for, as many at once as the bounds allow and at least one, and gives them in their
 * order. Where the reader stops early or one cannot be opened, it waits for those that are being opened.
 */
export async function* readAhead<T, Opened>(
  items: readonly Item<T>[],
  open: (value: T) => Promise<Opened>,
  { itemsMax, bytesMax }: { readonly itemsMax: number; readonly bytesMax: number },
): AsyncGenerator<readonly [T, Opened]> {
  const opening: { readonly item: Item<T>; readonly opened: Promise<Opened> }[] = [];
  let next = 0;
  const fill = (): void => {
    for (let item = items[next]; item !== undefined && opening.length < itemsMax; item = items[next]) {
      const takenBytes = opening.reduce((sum, each) => sum + each.item.sizeBytes, 0);
      if (opening.length > 0 && takenBytes + item.sizeBytes > bytesMax) return;
      const opened = open(item.value);
      opened.catch(() => {}); // is looked at when its turn comes, and not at all if that of an earlier one ends it
      opening.push({ item, opened });
      next += 1;
    }
  };
  try {
    for (fill(); opening.length > 0; ) {
      const [first] = opening;
      if (first === undefined) return;
      const opened = await first.opened;
      opening.shift();
      fill();
      yield [first.item.value, opened];
    }
  } finally {
    await Promise.allSettled(opening.map(({ opened }) => opened));
  }
}
