/** The pictures of a folder, fitted to what a network reads. */
import { basename, join } from "node:path";
import { idxPictures } from "../../data/mnist.js";
import { fail, withSource } from "../../diagnostics.js";
import type { Picture } from "../../morph/picture.js";
import type { Context } from "../context.js";
import { readFile } from "../files.js";
import { type FolderContent, isFolder, pictureNames, readFolder, stemOf } from "../folders.js";
import { withLateProgress } from "../late-progress.js";
import type { MemoryBudget } from "../memory-budget.js";
import { naming } from "../naming.js";
import { decodePicture } from "../pictures/decode.js";
import { fitPicture, type PictureNeed } from "../pictures/fit.js";
import { MAXIMUM_PICTURE_BYTES, type Raster } from "../pictures/raster.js";
import { readIdxFile } from "../read-idx-file.js";

export interface NamedPicture {
  /** Name of the file, or of the IDX file with the picture's number. */
  readonly name: string;
  readonly picture: Picture;
}

/** What is read, and how. */
export interface PictureReading {
  readonly need: PictureNeed;
  /** Gray samples of at least this are 1; null allows 0 and 255 only, and 128 for IDX files. For networks on bits. */
  readonly threshold: number | null;
  readonly budget: MemoryBudget;
}

/** Pictures of IDX files, by their names in MNIST: `train-images-idx3-ubyte`, or with a dot before `idx3`. */
const IDX_PICTURES = /[-.]idx3-ubyte(?:\.gz)?$/;

/** As the trainer reads IDX files unless it is told otherwise. */
const IDX_THRESHOLD = 128;

const LAYOUT =
  "put PNG, PBM or PGM files into the folder, or *-images-idx3-ubyte; for several channels a folder for each, with equal file names";

/**
 * The pictures of a folder in the order of their names, or of one file. A folder holds pictures, or else IDX files, or else, for
 * a network of several channels, one folder for each channel in the order of their names, with the same file names in all of them.
 * @throws DiagnosticError BMN0101, BMN0103, BMN0601 … BMN0605, BMN0802 … BMN0804, BMN0807
 */
export async function readPictures(
  path: string,
  reading: PictureReading,
  context: Context,
): Promise<readonly NamedPicture[]> {
  if (!isFolder(path)) {
    const isIdx = IDX_PICTURES.test(path);
    return isIdx
      ? readIdx([path], reading, context)
      : readFiles([{ name: basename(path), paths: [path] }], reading, context);
  }
  const content = readFolder(path);
  const files = pictureNames(path);
  if (files.length > 0) {
    return readFiles(
      files.map((name) => ({ name, paths: [join(path, name)] })),
      reading,
      context,
    );
  }
  const idx = content.files.filter((name) => IDX_PICTURES.test(name));
  if (idx.length > 0) {
    return readIdx(
      idx.map((name) => join(path, name)),
      reading,
      context,
    );
  }
  return readFiles(listChannels(path, content, reading.need.channels), reading, context);
}

interface PictureFiles {
  readonly name: string;
  /** One for all channels, or one for each. */
  readonly paths: readonly string[];
}

/** @throws DiagnosticError BMN0803 */
function listChannels(folder: string, { folders }: FolderContent, channels: number): readonly PictureFiles[] {
  if (channels === 1 || folders.length === 0) {
    fail("BMN0803", "there are no pictures in the folder", { source: folder, hint: LAYOUT });
  }
  if (folders.length !== channels) {
    fail("BMN0803", `the network reads ${channels} channels, but there are folders for ${folders.length}`, {
      source: folder,
      hint: LAYOUT,
    });
  }
  const names = folders.map((channel) => pictureNames(join(folder, channel)));
  const [first = []] = names;
  const stems = first.map(stemOf);
  folders.forEach((channel, index) => {
    const own = names[index]?.map(stemOf) ?? [];
    const missing = stems.find((stem) => !own.includes(stem));
    const extra = own.find((stem) => !stems.includes(stem));
    if (missing === undefined && extra === undefined && own.length === stems.length) return;
    fail("BMN0803", `the picture ${missing ?? extra ?? ""} is not in the folders of all channels`, {
      source: join(folder, channel),
      hint: "the folders of all channels have pictures of the same names",
    });
  });
  if (first.length === 0) fail("BMN0803", "there are no pictures in the folders", { source: folder, hint: LAYOUT });
  return first.map((name, index) => ({
    name,
    paths: folders.map((channel, each) => join(folder, channel, names[each]?.[index] ?? name)),
  }));
}

async function readFiles(
  files: readonly PictureFiles[],
  { need, threshold, budget }: PictureReading,
  context: Context,
): Promise<readonly NamedPicture[]> {
  return withLateProgress(context, "read pictures", async (update) => {
    const pictures: NamedPicture[] = [];
    for (const { name, paths } of files) {
      const rasters: Raster[] = [];
      for (const path of paths) {
        const bytes = readFile(path, MAXIMUM_PICTURE_BYTES);
        rasters.push(await naming(path, async () => decodePicture(bytes)));
      }
      const picture = await naming(paths.join("+"), async () => fitPicture(rasters, need, threshold));
      budget.take(bytesOf(picture));
      pictures.push({ name, picture });
      await update(pictures.length / files.length);
    }
    return pictures;
  });
}

async function readIdx(
  paths: readonly string[],
  { need, threshold, budget }: PictureReading,
  context: Context,
): Promise<readonly NamedPicture[]> {
  return withLateProgress(context, "read pictures", async (update) => {
    const pictures: NamedPicture[] = [];
    for (const [done, path] of paths.entries()) {
      const array = readIdxFile(path, budget);
      const { count, height, width, samples } = withSource(path, () => idxPictures(array));
      const size = height * width;
      for (let index = 0; index < count; index++) {
        const raster = { height, width, channels: [samples.subarray(index * size, (index + 1) * size)] };
        const picture = withSource(path, () => fitPicture([raster], need, threshold ?? IDX_THRESHOLD));
        // Bytes are shared with the file's array, which is counted already.
        if (picture.kind === "bits") budget.take(bytesOf(picture));
        pictures.push({ name: `${basename(path)}[${index}]`, picture });
        await update((done + (index + 1) / count) / paths.length);
      }
    }
    return pictures;
  });
}

function bytesOf({ channels }: Picture): number {
  return channels.reduce((sum, channel) => sum + ("words" in channel ? 4 * channel.words.length : channel.length), 0);
}
