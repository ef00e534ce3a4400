/** IDX files of a set, by their names. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { IdxArray } from "../../data/idx.js";
import { fail } from "../../diagnostics.js";
import type { MemoryBudget } from "../memory-budget.js";
import { readIdxFile } from "../read-idx-file.js";

/** Files of a set in the form of MNIST, by their first names. */
export const IDX_FILES = {
  trainingPictures: "train-images-idx3-ubyte",
  trainingLabels: "train-labels-idx1-ubyte",
  testPictures: "t10k-images-idx3-ubyte",
  testLabels: "t10k-labels-idx1-ubyte",
} as const;

export type IdxFileName = (typeof IDX_FILES)[keyof typeof IDX_FILES];

/**
 * The array of one file of `folder`, which may also have a dot for the dash before `idx`, and be compressed by gzip.
 * @throws DiagnosticError BMN0101, BMN0103, BMN0802, BMN0803, BMN0807
 */
export function readIdx(folder: string, name: IdxFileName, budget: MemoryBudget): IdxArray {
  const names = [name, name.replace("-idx", ".idx")].flatMap((each) => [each, `${each}.gz`]);
  const path = names.map((each) => join(folder, each)).find((each) => existsSync(each));
  if (path === undefined) {
    fail("BMN0803", `there is no file ${name} or ${name}.gz`, {
      source: folder,
      hint: `the folder needs ${Object.values(IDX_FILES).join(", ")}; bimonnc data fetch mnist -o DIR fetches them`,
    });
  }
  return readIdxFile(path, budget);
}
