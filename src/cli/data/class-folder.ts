/** Classes of pictures in folders: `CLASS/NAME.png`, in parts or not. */
import { join } from "node:path";
import { createClassSet, type LabelledPictures } from "../../data/class-set.js";
import type { ClassesData } from "../../data/description.js";
import type { SampleSplits } from "../../data/sample-set.js";
import { fail, withSource } from "../../diagnostics.js";
import type { Context } from "../context.js";
import { pictureNames, readFolder } from "../folders.js";
import { MemoryBudget } from "../memory-budget.js";
import type { Raster } from "../pictures/raster.js";
import { listParts, partFolders, splitParts } from "./parts.js";
import { channelsOf, joinSamples, readRasters } from "./read-rasters.js";

const LAYOUT = "put the pictures of every class into a folder of its own: CLASS/NAME.png";

/** Number of classes in a folder of classes. @throws DiagnosticError BMN0101, BMN0803 */
export function countClasses(folder: string): number {
  return classNames(partFolders(folder).training).length;
}

/** @throws DiagnosticError BMN0101, BMN0103, BMN0601 … BMN0605, BMN0801, BMN0803, BMN0804, BMN0807 */
export async function openClassSplits(data: ClassesData, context: Context): Promise<SampleSplits> {
  const parts = partFolders(data.folder);
  const classes = classNames(parts.training);
  const { files, counts } = listParts(parts, (folder) => listPart(folder, classes));
  const splits = withSource(data.folder, () => splitParts(counts, data.fractions, data.seed));
  const labelled = await readLabelled(files, classes, context);
  return withSource(data.folder, () => {
    const { channels, height, width } = labelled.pictures;
    const kind = channels === 1 ? "pictures" : "colour pictures";
    const name = `${classes.length} classes of ${kind} of ${height}×${width} pixels`;
    return {
      training: createClassSet(name, labelled, splits.training, data),
      validation: createClassSet(name, labelled, splits.validation, data),
      test: createClassSet(name, labelled, splits.test, data),
    };
  });
}

interface ClassFile {
  readonly path: string;
  readonly label: number;
}

/** Names that are all numbers are in the order of the numbers. @throws DiagnosticError BMN0101, BMN0803 */
function classNames(folder: string): readonly string[] {
  const { folders } = readFolder(folder);
  if (folders.length === 0) fail("BMN0803", "there are no folders of classes", { source: folder, hint: LAYOUT });
  if (!folders.every((name) => /^\d{1,15}$/.test(name))) return folders;
  return folders.toSorted((a, b) => Number(a) - Number(b));
}

/** @throws DiagnosticError BMN0803 for a class that training does not know, or one without pictures */
function listPart(folder: string, classes: readonly string[]): readonly ClassFile[] {
  const other = readFolder(folder).folders.find((name) => !classes.includes(name));
  if (other !== undefined) {
    fail("BMN0803", `the class ${JSON.stringify(other)} is not among the classes to be learned`, {
      source: folder,
      hint: "the folder training must have a folder for every class",
    });
  }
  const present = new Set(readFolder(folder).folders);
  return classes.flatMap((name, label) => {
    if (!present.has(name)) return [];
    const source = join(folder, name);
    const names = pictureNames(source);
    if (names.length === 0) fail("BMN0803", "there are no pictures of this class", { source, hint: LAYOUT });
    return names.map((file) => ({ path: join(source, file), label }));
  });
}

async function readLabelled(
  files: readonly ClassFile[],
  classes: readonly string[],
  context: Context,
): Promise<LabelledPictures> {
  const paths = files.map(({ path }) => path);
  const rasters = await readRasters(paths, new MemoryBudget(), context);
  const { height = 0, width = 0 } = rasters[0] ?? {};
  checkSizes(rasters, paths);
  const channels = channelsOf(rasters);
  const size = channels * height * width;
  const samples = new Uint8Array(rasters.length * size);
  rasters.forEach((raster, index) => samples.set(joinSamples(raster, channels), index * size));
  return {
    pictures: { count: rasters.length, channels, height, width, samples },
    labels: Uint8Array.from(files, ({ label }) => label),
    classes,
  };
}

/** @throws DiagnosticError BMN0804 unless all pictures have one size */
function checkSizes(rasters: readonly Raster[], paths: readonly string[]): void {
  const { height, width } = rasters[0] ?? { height: 0, width: 0 };
  const index = rasters.findIndex((raster) => raster.height !== height || raster.width !== width);
  const other = rasters[index];
  if (other === undefined) return;
  fail("BMN0804", `the picture has ${other.height}×${other.width} pixels (height × width), others ${height}×${width}`, {
    source: paths[index] ?? "",
    hint: `all pictures of classes have one size; ${paths[0]} has ${height}×${width}`,
  });
}
