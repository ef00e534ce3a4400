import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { KNOWN_SETS } from "../../src/data/known-sets.js";
import { ELEMENT_NAMES } from "../../src/morph/named-element.js";
import { MORPHOLOGICAL_OPERATORS } from "../../src/morph/operators.js";
import { decodeConfig } from "../../src/trainer/decode-config.js";
import { recipeFor } from "../../src/trainer/recipes/recipes.js";

const page = readFileSync(new URL("../../docs/data.md", import.meta.url), "utf8");

test("every description of data in the documentation is one", () => {
  const blocks = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => parse(text ?? "") as { data: object });
  expect(blocks).toHaveLength(6);
  const recipe = recipeFor("noisy-sticks", { element: "", folder: "", classes: 1 });
  for (const { data } of blocks) expect(decodeConfig({ ...recipe, data }).data).toMatchObject(data);
});

test("the documentation names every operator, element and set", () => {
  const names = [...MORPHOLOGICAL_OPERATORS, ...ELEMENT_NAMES.map(({ example }) => example)];
  for (const name of [...names, ...KNOWN_SETS.map((set) => set.name)]) expect(page).toContain(name);
});
