/** As much of a browser's nodes as is looked at here. */
export interface PageNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly nodeValue: string | null;
  readonly textContent: string | null;
  readonly childNodes: ArrayLike<PageNode>;
  readonly parentElement: PageElement | null;
}

export interface PageElement extends PageNode {
  readonly id: string;
  readonly attributes: ArrayLike<{ readonly name: string; readonly value: string }>;
  closest(selector: string): PageElement | null;
  querySelector(selector: string): PageElement | null;
  getAttribute(name: string): string | null;
}

/** Where a page differs from the one that the facts give. */
export interface Difference {
  /** "row CVE-2026-1234 in nginx:1.28", "“Missed and overdue”". */
  readonly where: string;
  readonly words: string;
  /** What was changed, to be marked; null when it is gone. */
  readonly node: PageNode | null;
}

const DIFFERENCES_MAX = 20;
/** Holds the verdict itself, which nobody can know beforehand. */
const VERDICT = 'proof';

/** Both trees, node by node, attributes and comments included; only the verdict is passed over. */
export function differencesOf(expected: PageElement, actual: PageElement): readonly Difference[] {
  const found: Difference[] = [];
  compare(expected, actual, found);
  return found;
}

function compare(expected: PageNode, actual: PageNode, found: Difference[]): void {
  if (found.length >= DIFFERENCES_MAX) return;
  if (expected.nodeType !== actual.nodeType || expected.nodeName !== actual.nodeName) {
    found.push(difference(expected, actual, `the page has ${nameOf(actual)} where the facts give ${nameOf(expected)}`));
    return;
  }
  if (isElement(expected) && isElement(actual)) {
    if (expected.id === VERDICT && actual.id === VERDICT) return;
    compareAttributes(expected, actual, found);
    if (expected.nodeName === 'SCRIPT' || expected.nodeName === 'STYLE') compareText(expected, actual, found);
    else compareChildren(expected, actual, found);
  } else if (expected.nodeValue !== actual.nodeValue) {
    const [should, does] = excerpts(expected.nodeValue ?? '', actual.nodeValue ?? '');
    found.push(difference(expected, actual, `the page says “${does}”, the facts give “${should}”`));
  }
}

function compareChildren(expected: PageElement, actual: PageElement, found: Difference[]): void {
  const [should, does] = [Array.from(expected.childNodes), Array.from(actual.childNodes)];
  for (let index = 0; index < Math.max(should.length, does.length); index += 1) {
    const [left, right] = [should[index], does[index]];
    if (left !== undefined && right !== undefined) compare(left, right, found);
    else if (left !== undefined)
      found.push({ where: placeOf(left), words: `the page lacks ${nameOf(left)}`, node: actual });
    else if (right !== undefined)
      found.push({
        where: placeOf(expected),
        words: `the page has ${nameOf(right)} more than the facts give`,
        node: right,
      });
  }
}

function compareAttributes(expected: PageElement, actual: PageElement, found: Difference[]): void {
  const texts = ({ attributes }: PageElement): readonly string[] =>
    Array.from(attributes, ({ name, value }) => `${name}="${value}"`).sort();
  const [should, does] = [texts(expected).join(' '), texts(actual).join(' ')];
  if (should === does) return;
  const [left, right] = excerpts(should, does);
  found.push(difference(expected, actual, `an element has “${right}”, the facts give “${left}”`));
}

function compareText(expected: PageElement, actual: PageElement, found: Difference[]): void {
  if (expected.textContent === actual.textContent) return;
  const what = expected.nodeName === 'STYLE' ? 'the style' : `the script ${expected.id}`;
  found.push({ where: 'the page', words: `${what} is another one`, node: actual });
}

function difference(expected: PageNode, actual: PageNode, words: string): Difference {
  return { where: placeOf(expected), words, node: actual };
}

/** The row, else the section, that a node belongs to. */
function placeOf(node: PageNode): string {
  const element = isElement(node) ? node : node.parentElement;
  const row = element?.closest('[data-row]')?.getAttribute('data-row');
  if (row !== undefined && row !== null) return `row ${row}`;
  const heading = element?.closest('section')?.querySelector('h2')?.textContent ?? null;
  return heading === null ? 'the page' : `“${heading.trim()}”`;
}

function nameOf(node: PageNode): string {
  if (!isElement(node)) return `the text “${(node.nodeValue ?? '').trim().slice(0, 60)}”`;
  return `<${node.nodeName.toLowerCase()}>`;
}

function isElement(node: PageNode): node is PageElement {
  return node.nodeType === 1;
}

/** The part in which two texts differ, with a little around it. */
function excerpts(a: string, b: string): readonly [string, string] {
  let from = 0;
  while (from < a.length && a[from] === b[from]) from += 1;
  const start = Math.max(0, from - 20);
  const cut = (text: string): string => text.slice(start, start + 60).trim();
  return [cut(a), cut(b)];
}
