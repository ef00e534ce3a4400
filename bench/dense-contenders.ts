/** A dense network compiled for every target, with what that took: one program with all the C ones, and those for Node. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { binarize } from "../src/binarize/binarize.js";
import { type Compilation, compileBinarized } from "../src/compile.js";
import type { MorphModule } from "../src/ir/node.js";
import type { Model } from "../src/model/types.js";
import type { CNetwork } from "../src/run/timing/c-contenders.js";
import { buildHarness } from "../src/run/timing/c-harness.js";
import { vectorFlags } from "../src/run/timing/machine.js";
import { jsArtifact, type NodeArtifact, wasmArtifact } from "../src/run/timing/node-contenders.js";
import { ELEMENT_BYTES, type SampleInterface } from "../src/word/node.js";
import { COMPILER, cTargets, preset } from "./c-program.js";

/** What it took to compile for one target. */
export interface CompileTime {
  readonly label: string;
  /** Lowering and printing, after binarization. */
  readonly bimonncMilliseconds: number;
  /** gcc -O2; NaN outside of C. */
  readonly gccMilliseconds: number;
  /** Constant tables, and the working memory of a call. */
  readonly tableBytes: number;
  readonly scratchBytes: number;
}

export interface DenseContenders {
  readonly module: MorphModule;
  readonly contract: SampleInterface;
  readonly binarizeMilliseconds: number;
  /** The harness, and the labels of its contenders. */
  readonly executable: string;
  readonly labels: readonly string[];
  readonly artifacts: readonly NodeArtifact[];
  readonly times: readonly CompileTime[];
}

const NODE_TARGETS = ["wasm", "wasm-mvp", "js"];

export async function buildContenders(model: Model, folder: string): Promise<DenseContenders> {
  const start = performance.now();
  const { module, report } = binarize(model, { policy: "auto", forCode: true });
  const binarizeMilliseconds = performance.now() - start;
  const times: CompileTime[] = [];
  const compileFor = async (name: string, target: string): Promise<readonly [Compilation, milliseconds: number]> => {
    const begin = performance.now();
    const options = { target: preset(target), policy: "auto", modelSha256: "0".repeat(64) } as const;
    const compilation = await compileBinarized({ module: { ...module, name }, report }, options);
    return [compilation, performance.now() - begin];
  };

  const contenders: CNetwork[] = [];
  const objects: string[] = [];
  for (const { name: label, lanes } of cTargets()) {
    const name = `dense_${label.replaceAll("-", "_")}`;
    const [compilation, milliseconds] = await compileFor(name, label);
    for (const { path, content } of compilation.artifacts) writeFileSync(join(folder, path), content);
    const object = join(folder, `${name}.o`);
    const begin = performance.now();
    const operands = ["-std=c99", "-O2", ...vectorFlags(lanes), "-c", "-o", object, join(folder, `${name}.c`)];
    execFileSync(COMPILER, operands, { stdio: "inherit" });
    times.push(timeOf(label, compilation, milliseconds, performance.now() - begin));
    objects.push(object);
    contenders.push({ kind: "network", label, name, contract: compilation.program.interface });
  }
  const executable = await buildHarness({ folder, compiler: COMPILER, sources: [], contenders, source: "", objects });

  const artifacts: NodeArtifact[] = [];
  // Not a part of the first network's time: from the sources, loading it takes half a minute.
  await import("binaryen");
  for (const target of NODE_TARGETS) {
    const [compilation, milliseconds] = await compileFor("dense", target);
    times.push(timeOf(target, compilation, milliseconds, Number.NaN));
    artifacts.push(target === "js" ? jsArtifact(target, compilation) : wasmArtifact(target, compilation));
  }
  const [first] = contenders;
  if (first?.contract.kind !== "samples") throw new Error("no network of samples");
  const labels = contenders.map(({ label }) => label);
  return { module, contract: first.contract, binarizeMilliseconds, executable, labels, artifacts, times };
}

function timeOf(
  label: string,
  { program }: Compilation,
  bimonncMilliseconds: number,
  gccMilliseconds: number,
): CompileTime {
  const { scratchWords, tables } = program;
  return {
    label,
    bimonncMilliseconds,
    gccMilliseconds,
    tableBytes: tables.reduce((sum, { element, values }) => sum + ELEMENT_BYTES[element] * values.length, 0),
    scratchBytes: scratchWords.kind === "constant" ? 4 * scratchWords.value : Number.NaN,
  };
}
