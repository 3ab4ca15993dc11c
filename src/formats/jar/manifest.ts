/** The main section of a manifest, by name as it is usually written (JAR File Specification, "Name-Value pairs"). */
export function manifestOf(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  // A line that begins with one blank continues the line before.
  for (const line of text.replace(/\r\n?/g, '\n').replaceAll('\n ', '').split('\n')) {
    if (line === '') break;
    const colon = line.indexOf(': ');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 2).trim());
  }
  return fields;
}
