/**
 * `npm run fixtures [-- --check | --recorded FOLDER]`: writes fixtures/. With `--check` writes nothing, and exits with
 * status 1 if a file there is stale. With `--recorded`, takes the trained parameters anew from a folder of recorded
 * networks first.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { compareFixtures, createFixtureFiles, FIXTURES_FOLDER, writeFixtures } from "./fixtures/folder.js";
import { importRecorded } from "./fixtures/trained.js";

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { check: { type: "boolean" }, recorded: { type: "string" } } });
  if (values.recorded !== undefined) {
    for (const [path, text] of importRecorded(values.recorded)) {
      mkdirSync(dirname(join(FIXTURES_FOLDER, path)), { recursive: true });
      writeFileSync(join(FIXTURES_FOLDER, path), text);
    }
  }
  const files = await createFixtureFiles(FIXTURES_FOLDER);
  if (values.check === true) {
    const complaints = compareFixtures(FIXTURES_FOLDER, files);
    for (const complaint of complaints) console.error(`fixtures/${complaint}`);
    if (complaints.length > 0) console.error("run: npm run fixtures");
    return complaints.length === 0 ? 0 : 1;
  }
  writeFixtures(FIXTURES_FOLDER, files);
  console.log(`${files.length} files in fixtures/`);
  return 0;
}

process.exitCode = await main();
