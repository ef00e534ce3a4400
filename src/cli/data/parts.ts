/** A folder of data may hold its parts in folders `training`, `validation` and `test`. */
import { join } from "node:path";
import { type IndexSplits, type SplitFractions, splitIndices } from "../../data/splits.js";
import { fail } from "../../diagnostics.js";
import { readFolder } from "../folders.js";

/** Folders of the parts; null where a part is cut off the training part. */
export interface PartFolders {
  readonly training: string;
  readonly validation: string | null;
  readonly test: string | null;
}

/** @throws DiagnosticError BMN0101; BMN0803 for a part without `training` */
export function partFolders(folder: string): PartFolders {
  const { folders } = readFolder(folder);
  const part = (name: string): string | null => (folders.includes(name) ? join(folder, name) : null);
  const [training, validation, test] = [part("training"), part("validation"), part("test")];
  if (training === null && (validation !== null || test !== null)) {
    fail("BMN0803", `there is a folder ${validation === null ? "test" : "validation"}, but none named training`, {
      source: folder,
      hint: "put everything that is to be learned from into a folder named training",
    });
  }
  return { training: training ?? folder, validation, test };
}

/** Numbers of samples in each part; null for a part that has no folder. */
export interface PartCounts {
  readonly training: number;
  readonly validation: number | null;
  readonly test: number | null;
}

/** What `list` finds in the folders of the parts, one part after the other: training, validation, test. */
export function listParts<T>(
  folders: PartFolders,
  list: (folder: string) => readonly T[],
): { readonly files: readonly T[]; readonly counts: PartCounts } {
  const training = list(folders.training);
  const validation = folders.validation === null ? null : list(folders.validation);
  const test = folders.test === null ? null : list(folders.test);
  return {
    files: [...training, ...(validation ?? []), ...(test ?? [])],
    counts: { training: training.length, validation: validation?.length ?? null, test: test?.length ?? null },
  };
}

/**
 * Indices of the samples of each split when the parts are numbered one after the other: training, validation, test.
 * @throws DiagnosticError BMN0801 if a split has no samples
 */
export function splitParts(counts: PartCounts, fractions: SplitFractions, seed: number): IndexSplits {
  const cut = splitIndices(
    counts.training,
    {
      validation: counts.validation === null ? fractions.validation : 0,
      test: counts.test === null ? fractions.test : 0,
    },
    seed,
  );
  const range = (start: number, count: number): Uint32Array =>
    Uint32Array.from({ length: count }, (_, at) => start + at);
  const splits = {
    training: cut.training,
    validation: counts.validation === null ? cut.validation : range(counts.training, counts.validation),
    test: counts.test === null ? cut.test : range(counts.training + (counts.validation ?? 0), counts.test),
  };
  for (const name of ["validation", "test"] as const) {
    if (splits[name].length > 0) continue;
    fail("BMN0801", `there are no ${name} samples`, {
      path: `fractions.${name}`,
      hint: `give a share above 0, or put pictures into a folder named ${name}`,
    });
  }
  return splits;
}
