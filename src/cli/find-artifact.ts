/** The manifest that belongs to what the user named: itself, a generated file, or a folder. */
import { type Dirent, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fail, withSource } from "../diagnostics.js";
import { decodeManifest, looksLikeManifest, MAXIMUM_MANIFEST_BYTES, type Manifest } from "../run/manifest.js";
import { MAXIMUM_MODEL_BYTES, readFile, STREAM } from "./files.js";
import { isFolder } from "./folders.js";

export interface FoundArtifact {
  readonly manifest: Manifest;
  /** Path of the manifest. */
  readonly path: string;
  /** Folder of the files. */
  readonly directory: string;
}

const GENERATED = /\.(wasm|js|mjs|c|h)$/;

/**
 * The artifact at `path`, or null if it is something else, such as a model.
 * @throws DiagnosticError BMN0101, BMN0103, BMN0701
 */
export function findArtifact(path: string): FoundArtifact | null {
  if (path === STREAM) return null;
  if (isFolder(path)) return onlyArtifact(path, manifestsIn(path), "the folder");
  if (GENERATED.test(path)) {
    const directory = dirname(path);
    const owners = manifestsIn(directory).filter(({ manifest }) =>
      manifest.files.some((file) => file.path === basename(path)),
    );
    return onlyArtifact(path, owners, "the file");
  }
  return path.endsWith(".json") ? readManifest(path) : null;
}

/** {@link findArtifact} for commands that take nothing else. */
export function requireArtifact(path: string): FoundArtifact {
  const found = findArtifact(path);
  if (found !== null) return found;
  return fail("BMN0701", "this is not an artifact", {
    source: path,
    hint: "name a manifest (NAME.TARGET.json), a generated .wasm, .js or .c file, or their folder",
  });
}

function onlyArtifact(source: string, found: readonly FoundArtifact[], what: string): FoundArtifact {
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  if (first === undefined) {
    const below = isFolder(source) ? artifactFolders(source) : [];
    const hint = below.length === 0 ? "the manifest NAME.TARGET.json lies beside the files" : nameOneOf(below);
    fail("BMN0701", `${what} has no manifest`, { source, hint });
  }
  return fail("BMN0701", `${what} has ${found.length} manifests`, {
    source,
    hint: nameOneOf(found.map((each) => basename(each.path))),
  });
}

const MOST_NAMED = 16;

function nameOneOf(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).join(", ");
  return names.length === 1 ? `name ${shown}` : `name one of ${shown}${names.length > MOST_NAMED ? ", …" : ""}`;
}

/** Folders just below with the files of an artifact, as `compile` makes them for several targets; judged by names. */
function artifactFolders(directory: string): readonly string[] {
  return listQuietly(directory)
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(directory, entry.name))
    .filter(holdsCertifiedManifest)
    .toSorted();
}

function holdsCertifiedManifest(directory: string): boolean {
  const names = new Set(listQuietly(directory).map((entry) => entry.name));
  return [...names].some((name) => isManifestName(name) && names.has(name.replace(/\.json$/, ".cert.json")));
}

function listQuietly(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    // Only a hint is looked for here.
    return [];
  }
}

function isManifestName(name: string): boolean {
  return /^\w+\.[\w.-]+\.json$/.test(name) && !name.endsWith(".cert.json");
}

function manifestsIn(directory: string): FoundArtifact[] {
  const names = withSource(directory, () => listNames(directory));
  return names
    .filter(isManifestName)
    .toSorted()
    .flatMap((name) => readManifest(join(directory, name)) ?? []);
}

function listNames(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return fail("BMN0101", "cannot list the folder");
  }
}

/** Null if the file is JSON of another kind: a model may be. */
function readManifest(path: string): FoundArtifact | null {
  const bytes = readFile(path, MAXIMUM_MODEL_BYTES);
  if (!looksLikeManifest(Buffer.from(bytes.subarray(0, 1024)).toString("utf8"))) return null;
  return withSource(path, () => {
    if (bytes.length > MAXIMUM_MANIFEST_BYTES) fail("BMN0103", `more than ${MAXIMUM_MANIFEST_BYTES} bytes`);
    return { manifest: decodeManifest(Buffer.from(bytes).toString("utf8")), path, directory: dirname(path) };
  });
}
