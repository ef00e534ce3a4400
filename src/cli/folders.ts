/** What lies in a folder of data. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../diagnostics.js";
import { systemReason } from "./files.js";

/** Endings of the picture files that are read. */
const PICTURES = /\.(?:png|pbm|pgm)$/i;
/** Pictures that someone may expect to be read. */
const OTHER_PICTURES = /\.(?:jpe?g|gif|bmp|tiff?|webp|ppm|svg|avif|heic)$/i;

export interface FolderContent {
  /** Names, in the order of their code units, so that it is the same on every machine. */
  readonly folders: readonly string[];
  /** Names of files that are no hidden ones. */
  readonly files: readonly string[];
}

/** @throws DiagnosticError BMN0101 */
export function readFolder(folder: string): FolderContent {
  const [folders, files]: [string[], string[]] = [[], []];
  for (const name of attempt(folder, "folder", () => readdirSync(folder))) {
    if (name.startsWith(".")) continue;
    const path = join(folder, name);
    const stat = attempt(path, "file", () => statSync(path));
    if (stat.isDirectory()) folders.push(name);
    else if (stat.isFile()) files.push(name);
  }
  return { folders: folders.sort(), files: files.sort() };
}

function attempt<T>(source: string, what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    return fail("BMN0101", `cannot read the ${what}: ${systemReason(error)}`, {
      source,
      hint: "check the path and its permissions",
    });
  }
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Refuses a folder that is not there. @throws DiagnosticError BMN0101 */
export function checkFolder(folder: string): void {
  readFolder(folder);
}

/**
 * Names of the picture files in a folder. Files that are no pictures are left out.
 * @throws DiagnosticError BMN0101; BMN0803 for pictures of other formats
 */
export function pictureNames(folder: string): readonly string[] {
  const { files } = readFolder(folder);
  const other = files.find((name) => OTHER_PICTURES.test(name));
  if (other !== undefined) {
    fail("BMN0803", `${other} is in a format that is not read`, {
      source: folder,
      hint: "convert the pictures to PNG, PBM or PGM",
    });
  }
  return files.filter((name) => PICTURES.test(name));
}

/** The name without its ending. */
export function stemOf(name: string): string {
  return name.replace(PICTURES, "");
}
