import { join } from "node:path";
import { type CompileOptions, compile } from "../../compile.js";
import { VERSION } from "../../gen/version.js";
import { printModule } from "../../ir/print.js";
import type { Model } from "../../model/types.js";
import { encodeManifest, type Manifest, type ManifestFile, manifestFileName } from "../../run/manifest.js";
import { sha256 } from "../../run/open-artifact.js";
import type { Target } from "../../target/target.js";
import { evaluateScratchWords } from "../../word/interpret.js";
import { entryParameters, type WordProgram } from "../../word/node.js";
import type { CompileArguments } from "../arguments.js";
import { certificateFileName, encodeCertificate } from "../certificate.js";
import { type Context, STATUS, UsageError } from "../context.js";
import { STREAM } from "../files.js";
import { createFixtures } from "../fixtures.js";
import { loadTarget } from "../load-target.js";
import { naming } from "../naming.js";
import { openProgress } from "../progress.js";
import { readModel } from "../read-model.js";
import { holdingSignals } from "../signals.js";
import { startBinaryenFast } from "../start-binaryen.js";
import { parseLicense, parseList, parsePolicy, parseShape } from "../values.js";
import { type OutputFile, writeFiles } from "../write-files.js";

/** Arguments for which a manifest of free size, or of free count, tells the scratch memory. */
const EXAMPLE_ARGUMENTS = { height: 1024, width: 1024, count: 1024 } as const;

/**
 * `bimonnc compile`. The files of one target go to the output folder, those of several targets to a folder each in it,
 * named for the target. Nothing is written unless every target was compiled.
 */
export async function compileCommand(parsed: CompileArguments, context: Context): Promise<number> {
  const options = readOptions(parsed);
  const targets = parseList("target", parsed.target).map((name) => loadTarget(name));
  refuseDuplicates(targets);
  const { model, sha256: modelSha256 } = await readModel(parsed.model, context);
  const output = parsed.output ?? model.name;
  if (targets.some((target) => target.backend === "wasm")) startBinaryenFast();
  const progress = await openProgress(context, "compile");
  const sets: ArtifactSet[] = [];
  try {
    for (const target of targets) {
      const done = sets.length;
      const onProgress = (share: number): void => progress.update((done + share) / targets.length);
      sets.push(await compileSet(model, parsed, { ...options, target, modelSha256, onProgress }));
    }
  } finally {
    progress.stop();
  }
  const folderOf = (set: ArtifactSet): string => (targets.length > 1 ? set.manifest.target.name : "");
  const files = sets.flatMap((set) =>
    set.files.map((file) => ({ path: join(folderOf(set), file.path), content: file.content })),
  );
  await holdingSignals(() => writeFiles(output, files));
  for (const set of sets) {
    const { manifest } = set;
    const folder = join(output, folderOf(set));
    context.log(`${manifest.name}: ${manifest.grade}, ${manifest.target.name}, ${set.files.length} files in ${folder}`);
  }
  context.printJson({
    name: model.name,
    artifacts: sets.map((set) => ({
      target: set.manifest.target.name,
      grade: set.manifest.grade,
      manifest: join(output, folderOf(set), manifestFileName(model.name, set.manifest.target.name)),
      scratch: set.manifest.scratch,
      files: set.files.map((file) => join(output, folderOf(set), file.path)),
    })),
  });
  return STATUS.done;
}

type CommonOptions = Omit<CompileOptions, "target" | "modelSha256" | "onProgress">;

function readOptions(parsed: CompileArguments): CommonOptions {
  if (parsed.output === STREAM) throw new UsageError("--output must be a folder: several files are written");
  const shape = parseShape(parsed.shape);
  const license = parseLicense(parsed.license);
  return {
    policy: parsePolicy(parsed.binarize),
    ...(shape === undefined ? {} : { shape }),
    ...(license === undefined ? {} : { license }),
  };
}

function refuseDuplicates(targets: readonly Target[]): void {
  const names = targets.map((target) => target.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`two targets have the name ${twice}`);
}

interface ArtifactSet {
  readonly manifest: Manifest;
  /** All files, the manifest last. */
  readonly files: readonly OutputFile[];
}

async function compileSet(model: Model, parsed: CompileArguments, options: CompileOptions): Promise<ArtifactSet> {
  const compilation = await naming(parsed.model, async () => compile(model, options));
  const tool = `bimonnc ${VERSION}`;
  const { name } = model;
  const { modelSha256, target } = options;
  const code: OutputFile[] = [
    ...compilation.artifacts,
    { path: `${name}.ir`, content: printModule(compilation.module) },
  ];
  const artifacts = code.map(describeFile);
  const head = { tool, name, modelSha256, shape: options.shape ?? null, artifacts };
  const certificate = {
    path: certificateFileName(name, target.name),
    content: encodeCertificate(head, compilation.report),
  };
  const fixtures = parsed.fixtures ? await createFixtures(compilation.module, { tool, name, modelSha256 }) : [];
  const listed = [...code, certificate, ...fixtures];
  const manifest: Manifest = {
    tool,
    name,
    target: { name: target.name, backend: target.backend, lanes: target.lanes },
    modelSha256,
    policy: options.policy,
    grade: compilation.report.grade,
    input: describeInput(model),
    interface: compilation.program.interface,
    scratch: describeScratch(compilation.program),
    files: listed.map(describeFile),
  };
  const manifestFile = { path: manifestFileName(name, target.name), content: encodeManifest(manifest) };
  return { manifest, files: [...listed, manifestFile] };
}

function describeFile({ path, content }: OutputFile): ManifestFile {
  return { path, bytes: Buffer.byteLength(content), sha256: sha256(content) };
}

function describeInput({ input }: Model): Manifest["input"] {
  const { encoding, complements } = input;
  const grayRange = encoding.kind === "binary" ? null : ([encoding.grayMinimum, encoding.grayMaximum] as const);
  return { encoding: encoding.kind, grayRange, complements };
}

function describeScratch(program: WordProgram): Manifest["scratch"] {
  const names = entryParameters(program);
  const { interface: contract } = program;
  const size = { ...EXAMPLE_ARGUMENTS };
  const values = names.map((name) => {
    if (name === "count") return size.count;
    return contract[name] ?? size[name];
  });
  return {
    bytes: 4 * evaluateScratchWords(program, values),
    arguments: Object.fromEntries(names.map((name, index) => [name, values[index]])),
  };
}
