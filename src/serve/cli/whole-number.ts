import { InvalidArgumentError } from 'commander';

/** An option's parser for whole numbers in a range, both ends included. */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < from || value > to) {
      throw new InvalidArgumentError(`a whole number from ${from} to ${to} is needed`);
    }
    return value;
  };
}
