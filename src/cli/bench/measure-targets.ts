/** Builds the contenders, compares their answers, and times them in turn. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { unreachable } from "../../diagnostics.js";
import type { Outcome } from "../../morph/picture.js";
import type { Extent, ProgramInterface } from "../../run/exchange.js";
import { alternate, type Slices } from "../../run/timing/alternate.js";
import { type CNetwork, MEMCPY, MEMCPY_CONTENDER, MEMCPY_SOURCE } from "../../run/timing/c-contenders.js";
import { buildHarness, type HarnessTimer, openHarness } from "../../run/timing/c-harness.js";
import { vectorFlags } from "../../run/timing/machine.js";
import { jsArtifact, type NodeArtifact, wasmArtifact } from "../../run/timing/node-contenders.js";
import { type NodeTimer, openNodeTimer } from "../../run/timing/node-timer.js";
import type { Context } from "../context.js";
import { openProgress } from "../progress.js";
import type { CompiledTarget } from "./bench-targets.js";
import { compareAnswers, type LabelledAnswer } from "./compare-answers.js";
import { withFolder } from "./with-folder.js";

/** Pictures that everyone answers, with the interpreter's answer where it is known. */
export interface Trial {
  readonly extent: Extent;
  readonly input: Uint32Array | Uint8Array;
  readonly expected: readonly Outcome[] | null;
}

export interface MeasurePlan {
  readonly contract: ProgramInterface;
  readonly targets: readonly CompiledTarget[];
  /** Null if no target is C. */
  readonly compiler: string | null;
  /** Answers of these are compared; the last one is timed, too. */
  readonly trials: readonly Trial[];
  readonly seconds: number;
  readonly leastSlices: number;
  /** Of every contender in Node. */
  readonly warmUpMilliseconds: number;
}

/** @throws DiagnosticError BMN0504, BMN0703 */
export async function measureTargets(plan: MeasurePlan, context: Context): Promise<Slices> {
  return withFolder(async (folder, signal) => {
    const program = await buildProgram(plan, folder, context, signal);
    const node = openNodeTimer(nodeArtifacts(plan));
    try {
      let slices: Slices = new Map();
      for (const [index, trial] of plan.trials.entries()) {
        const harness = program === null ? null : await openHarness({ folder, ...program, ...trial }, signal);
        try {
          await compareAll(plan, trial, harness, node, context);
          if (index === plan.trials.length - 1) slices = await timeThem(plan, harness, node, context);
        } finally {
          await harness?.close();
        }
      }
      return slices;
    } finally {
      await node.close();
    }
  });
}

async function compareAll(
  { contract }: MeasurePlan,
  { extent, input, expected }: Trial,
  harness: HarnessTimer | null,
  node: NodeTimer,
  context: Context,
): Promise<void> {
  context.log(`comparing answers, ${describeExtent(contract, extent)}`);
  const answers = [
    ...labelled(harness?.labels, harness?.answers),
    ...labelled(node.labels, await node.answer({ contract, extent, input })),
  ];
  compareAnswers(
    contract,
    extent,
    answers.filter(({ label }) => label !== MEMCPY),
    expected,
  );
}

export function describeExtent(contract: ProgramInterface, { height, width, count }: Extent): string {
  const size = `${height}×${width} pixels`;
  return contract.kind === "images" ? size : `${count} ${count === 1 ? "picture" : "pictures"} of ${size}`;
}

interface Program {
  readonly executable: string;
  readonly labels: readonly string[];
}

/** Null if no target is C. */
async function buildProgram(
  { targets, compiler }: MeasurePlan,
  folder: string,
  context: Context,
  signal: AbortSignal,
): Promise<Program | null> {
  const own = targets.filter(({ target }) => target.backend === "c");
  if (own.length === 0 || compiler === null) return null;
  context.log(`compiling ${own.map(({ target }) => target.name).join(", ")} by ${compiler}`);
  for (const { compilation } of own) {
    for (const { path, content } of compilation.artifacts) writeFileSync(join(folder, path), content);
  }
  const networks = own.map(({ target, compilation: { program } }): CNetwork => {
    return { kind: "network", label: target.name, name: program.name, contract: program.interface };
  });
  const contenders = [MEMCPY_CONTENDER, ...networks];
  const sources = own.map(({ target, compilation: { program } }) => ({
    path: `${program.name}.c`,
    object: `${program.name}.o`,
    flags: vectorFlags(target.lanes),
  }));
  const executable = await buildHarness({ folder, compiler, sources, contenders, source: MEMCPY_SOURCE }, signal);
  return { executable, labels: contenders.map(({ label }) => label) };
}

function nodeArtifacts({ targets, compiler }: MeasurePlan): readonly NodeArtifact[] {
  const artifacts = targets.flatMap(({ target, compilation }): NodeArtifact[] => {
    switch (target.backend) {
      case "c":
        return [];
      case "js":
        return [jsArtifact(target.name, compilation)];
      case "wasm":
        return [wasmArtifact(target.name, compilation)];
      default:
        return unreachable(target.backend);
    }
  });
  // Beside C there is the C library's own.
  const hasC = compiler !== null && targets.some(({ target }) => target.backend === "c");
  return hasC ? artifacts : [{ kind: "memcpy" }, ...artifacts];
}

function labelled(labels: readonly string[] = [], answers: readonly Uint32Array[] = []): LabelledAnswer[] {
  return labels.map((label, index) => ({ label, words: answers[index] ?? new Uint32Array() }));
}

/** Of waiting for the least slices, where a single call takes long. */
const PATIENCE_SECONDS = 20;

async function timeThem(
  { seconds, leastSlices, warmUpMilliseconds }: MeasurePlan,
  harness: HarnessTimer | null,
  node: NodeTimer,
  context: Context,
): Promise<Slices> {
  context.log(`measuring for ${seconds} ${seconds === 1 ? "second" : "seconds"}`);
  const progress = await openProgress(context, "measure");
  try {
    await node.warmUp(warmUpMilliseconds);
    const start = performance.now();
    return await alternate(harness === null ? [node] : [harness, node], (slices) => {
      const elapsed = (performance.now() - start) / 1000;
      progress.update(Math.min(1, elapsed / Math.max(seconds, Number.EPSILON)));
      const tooFew = slices === 0 || (slices < leastSlices && elapsed < seconds + PATIENCE_SECONDS);
      return tooFew || elapsed < seconds;
    });
  } finally {
    progress.stop();
  }
}
