import { join } from "node:path";
import { type CompileOptions, compileBinarized } from "../../compile.js";
import { VERSION } from "../../gen/version.js";
import { printModule } from "../../ir/print.js";
import type { Model } from "../../model/types.js";
import type { PassObserver } from "../../passes/pipeline.js";
import { describeOptimization, type OptimizationReport } from "../../passes/report.js";
import { encodeManifest, type Manifest, type ManifestFile, manifestFileName } from "../../run/manifest.js";
import { sha256 } from "../../run/open-artifact.js";
import type { Target } from "../../target/target.js";
import { evaluateScratchWords } from "../../word/interpret.js";
import { entryParameters, type WordProgram } from "../../word/node.js";
import { agreementFields, describeAgreement, encodeWorst } from "../agreement/agreement-text.js";
import { type BinarizedOnPictures, binarizeOnPictures } from "../agreement/binarize-on-pictures.js";
import { readMeasurePlan } from "../agreement/measure-plan.js";
import type { CompileArguments } from "../arguments.js";
import { readBinarizeOptions } from "../binarize-model.js";
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
import { parseLicense, parseList } from "../values.js";
import { type OutputFile, writeFiles } from "../write-files.js";

/** Arguments for which a manifest of free size, or of free count, tells the scratch memory. */
const EXAMPLE_ARGUMENTS = { height: 1024, width: 1024, count: 1024 } as const;

/**
 * `bimonnc compile`. The files of one target go to the output folder, those of several targets to a folder each in it,
 * named for the target. Nothing is written unless every target was compiled.
 */
export async function compileCommand(parsed: CompileArguments, context: Context): Promise<number> {
  if (parsed.output === STREAM) throw new UsageError("--output must be a folder: several files are written");
  const options = readBinarizeOptions(parsed);
  const plan = readMeasurePlan(parsed, options.policy);
  const license = parseLicense(parsed.license);
  const targets = parseList("target", parsed.target).map((name) => loadTarget(name));
  refuseDuplicates(targets);
  const { model, sha256: modelSha256 } = await readModel(parsed.model, context);
  const output = parsed.output ?? model.name;
  if (targets.some((target) => target.backend === "wasm")) startBinaryenFast();
  const binarized = await binarizeOnPictures(model, parsed.model, { options, plan }, context);
  const worst = binarized.agreement === null ? null : await encodeWorst(binarized.agreement);
  const input: SetInput = {
    model,
    binarized,
    worst: worst === null ? null : { path: `${model.name}.worst.png`, content: worst },
    options: {
      ...binarized.options,
      ...(license === undefined ? {} : { license }),
      optimize: parsed.optimize,
      modelSha256,
    },
  };
  const onPass: PassObserver = (pass, module) => context.io.writeStderr(`; after ${pass.name}\n${printModule(module)}`);
  const sets: ArtifactSet[] = [];
  const progress = await openProgress(context, "compile");
  try {
    for (const target of targets) {
      // Passes do the same for every target.
      const dumped = parsed["dump-ir"] !== undefined && sets.length === 0 ? { onPass } : {};
      sets.push(await compileSet(input, { target, ...dumped }, parsed));
      progress.update(sets.length / targets.length);
    }
  } finally {
    progress.stop();
  }
  const belowOf = (set: ArtifactSet): string => (targets.length > 1 ? set.manifest.target.name : "");
  const files = sets.flatMap((set) =>
    set.files.map((file) => ({ path: join(belowOf(set), file.path), content: file.content })),
  );
  await holdingSignals(() => writeFiles(output, files));
  tell(input, sets, (set) => join(output, belowOf(set)), context);
  return STATUS.done;
}

function tell(
  { model, binarized: { agreement }, worst }: SetInput,
  sets: readonly ArtifactSet[],
  folderOf: (set: ArtifactSet) => string,
  context: Context,
): void {
  const [first] = sets;
  for (const set of sets) {
    const { name, grade, target } = set.manifest;
    context.log(`${name}: ${grade}, ${target.name}, ${set.files.length} files in ${folderOf(set)}`);
    context.log(`${name}: ${describeOptimization(set.optimization)}`);
  }
  if (agreement !== null && first !== undefined) {
    const file = worst === null ? null : join(folderOf(first), worst.path);
    for (const line of describeAgreement(model, agreement, file)) context.log(line);
  }
  context.printJson({
    name: model.name,
    ...(agreement === null ? {} : { agreement: agreementFields(agreement) }),
    artifacts: sets.map((set) => ({
      target: set.manifest.target.name,
      grade: set.manifest.grade,
      manifest: join(folderOf(set), manifestFileName(model.name, set.manifest.target.name)),
      scratch: set.manifest.scratch,
      optimization: set.optimization,
      files: set.files.map((file) => join(folderOf(set), file.path)),
    })),
  });
}

function refuseDuplicates(targets: readonly Target[]): void {
  const names = targets.map((target) => target.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`two targets have the name ${twice}`);
}

interface ArtifactSet {
  readonly manifest: Manifest;
  readonly optimization: OptimizationReport;
  /** All files, the manifest last. */
  readonly files: readonly OutputFile[];
}

/** What the files of all targets are made of. */
interface SetInput {
  readonly model: Model;
  readonly binarized: BinarizedOnPictures;
  /** Picture with the least agreement. */
  readonly worst: OutputFile | null;
  readonly options: Omit<CompileOptions, "target">;
}

async function compileSet(
  input: SetInput,
  how: Pick<CompileOptions, "target" | "onPass">,
  parsed: CompileArguments,
): Promise<ArtifactSet> {
  const { model, binarized, worst } = input;
  const { target } = how;
  const options: CompileOptions = { ...input.options, ...how };
  const compilation = await naming(parsed.model, async () => compileBinarized(binarized.binarization, options));
  const tool = `bimonnc ${VERSION}`;
  const { name } = model;
  const { modelSha256 } = options;
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
  const listed = [...code, certificate, ...fixtures, ...(worst === null ? [] : [worst])];
  const manifest: Manifest = {
    tool,
    name,
    target: { name: target.name, backend: target.backend, lanes: target.lanes },
    modelSha256,
    policy: options.policy,
    grade: compilation.report.grade,
    ...(binarized.agreement === null ? {} : { agreement: agreementFields(binarized.agreement) }),
    input: describeInput(model),
    interface: compilation.program.interface,
    scratch: describeScratch(compilation.program),
    files: listed.map(describeFile),
  };
  const manifestFile = { path: manifestFileName(name, target.name), content: encodeManifest(manifest) };
  return { manifest, optimization: compilation.optimization, files: [...listed, manifestFile] };
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
