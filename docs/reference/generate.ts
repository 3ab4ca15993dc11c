import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { catalogFileKinds } from '../../src/formats/catalog/json-schemas.ts';
import { referencePage } from '../../src/formats/catalog/reference-page.ts';

// Rewrites the pages of this folder that are made from the schemas: bin/node docs/reference/generate.ts
for (const kind of catalogFileKinds) {
  await writeFile(fileURLToPath(new URL(`${kind}.md`, import.meta.url)), referencePage(kind));
}
