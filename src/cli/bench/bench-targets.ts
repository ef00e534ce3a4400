/** The targets that are measured, and those that this machine cannot run. */
import { type Compilation, compileBinarized } from "../../compile.js";
import { DiagnosticError, fail } from "../../diagnostics.js";
import type { Extent } from "../../run/exchange.js";
import { requireCompiler } from "../../run/run-c.js";
import { missingExtension } from "../../run/timing/machine.js";
import { presets } from "../../target/presets.js";
import type { Target } from "../../target/target.js";
import { evaluateScratchWords } from "../../word/interpret.js";
import { entryParameters } from "../../word/node.js";
import type { BenchArguments } from "../arguments.js";
import { type Context, UsageError } from "../context.js";
import { loadTarget } from "../load-target.js";
import { naming } from "../naming.js";
import { parseList } from "../values.js";
import type { Subject } from "./subject.js";

export interface ChosenTargets {
  readonly targets: readonly Target[];
  /** Path; null if no target needs one, or none was found. */
  readonly compiler: string | null;
  readonly leftOut: readonly { readonly target: string; readonly reason: string }[];
}

/**
 * The targets that are asked for, which must run here; else all that run here.
 * @throws UsageError, DiagnosticError BMN0501, BMN0502, BMN0504
 */
export function chooseTargets(parsed: Pick<BenchArguments, "target" | "compiler">): ChosenTargets {
  const targets = parsed.target === undefined ? distinct(presets) : parseList("target", parsed.target).map(loadTarget);
  const names = targets.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`two targets have the name ${twice}`);
  const needsCompiler = targets.some(({ backend }) => backend === "c");
  const found = needsCompiler ? findCompiler(parsed.compiler) : { compiler: null, reason: "" };
  const judged = targets.map((target) => ({ target, reason: obstacle(target, found) }));
  const leftOut = judged.flatMap(({ target, reason }) => (reason === null ? [] : [{ target: target.name, reason }]));
  const [first] = leftOut;
  if (first !== undefined && parsed.target !== undefined) {
    fail("BMN0504", `the target ${first.target} cannot run here: ${first.reason}`, {
      hint: "leave --target out to measure all that can",
    });
  }
  return {
    targets: judged.filter(({ reason }) => reason === null).map(({ target }) => target),
    compiler: found.compiler,
    leftOut,
  };
}

/** Of targets that make the same code, the first. */
function distinct(targets: readonly Target[]): Target[] {
  const byCode = new Map<string, Target>();
  for (const target of targets) {
    const code = JSON.stringify({ ...target, name: "", description: "" });
    if (!byCode.has(code)) byCode.set(code, target);
  }
  return [...byCode.values()];
}

type FoundCompiler =
  | { readonly compiler: string; readonly reason: null }
  | { readonly compiler: null; readonly reason: string };

/** One that the user names must exist. */
function findCompiler(name: string | undefined): FoundCompiler {
  try {
    return { compiler: requireCompiler(name), reason: null };
  } catch (error) {
    if (name !== undefined || !(error instanceof DiagnosticError)) throw error;
    return { compiler: null, reason: error.diagnostics[0]?.message ?? "no C compiler was found" };
  }
}

function obstacle(
  { backend, lanes }: Target,
  { reason }: FoundCompiler | { readonly reason: string | null },
): string | null {
  if (backend !== "c") return null;
  if (reason !== null) return reason;
  const extension = missingExtension(lanes);
  return extension === null ? null : `the processor has no ${extension}`;
}

/** Generated code of one target. */
export interface CompiledTarget {
  readonly target: Target;
  readonly compilation: Compilation;
}

/** @throws DiagnosticError BMN0302, BMN0402 */
export async function compileTargets(
  { binarization, options, source }: Subject,
  targets: readonly Target[],
  context: Context,
): Promise<readonly CompiledTarget[]> {
  const { module, report } = binarization;
  const compiled: CompiledTarget[] = [];
  for (const target of targets) {
    context.log(`generating code for ${target.name}`);
    // Functions of several targets meet in one program.
    const named = { module: { ...module, name: `bench_${target.name.replaceAll("-", "_")}` }, report };
    const compilation = await naming(source, async () => compileBinarized(named, { ...options, target }));
    compiled.push({ target, compilation });
  }
  return compiled;
}

/** Working memory of a call, in words. */
export function scratchWordsOf({ compilation: { program } }: CompiledTarget, extent: Extent): number {
  return evaluateScratchWords(
    program,
    entryParameters(program).map((parameter) => extent[parameter]),
  );
}
