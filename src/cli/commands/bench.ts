import type { Extent, ProgramInterface } from "../../run/exchange.js";
import { describeMachine, machineText } from "../../run/timing/machine.js";
import type { BenchArguments } from "../arguments.js";
import { checkMemory, chooseExtent } from "../bench/bench-input.js";
import { chooseTargets, compileTargets, scratchWordsOf } from "../bench/bench-targets.js";
import { speedsOf, speedTable } from "../bench/bench-text.js";
import { describeExtent, measureTargets } from "../bench/measure-targets.js";
import { planTrials } from "../bench/plan-trials.js";
import { readSubject } from "../bench/subject.js";
import { type Context, STATUS, UsageError } from "../context.js";

const MOST_SECONDS = 3600;

/** How much is done, unless the user says how long. */
const THOROUGH = { seconds: 5, leastSlices: 7, warmUpMilliseconds: 300, interpretedSteps: 2 ** 27 } as const;
const QUICK = { seconds: 0.5, leastSlices: 3, warmUpMilliseconds: 60, interpretedSteps: 2 ** 24 } as const;

/** `bimonnc bench`: how fast a network, or one operator, is on this machine, compiled for every target. */
export async function benchCommand(parsed: BenchArguments, context: Context): Promise<number> {
  const effort = parsed.quick ? QUICK : THOROUGH;
  const seconds = parsed.time ?? effort.seconds;
  if (!(seconds >= 0 && seconds <= MOST_SECONDS)) {
    throw new UsageError(`--time: expected seconds from 0 to ${MOST_SECONDS}`);
  }
  const { targets, compiler, leftOut } = chooseTargets(parsed);
  const subject = await readSubject(parsed, context);
  for (const { target, reason } of leftOut) context.log(`${target} is left out: ${reason}`);
  const compiled = await compileTargets(subject, targets, context);
  const contract = interfaceOf(compiled);
  const extent = chooseExtent(contract, parsed);
  for (const each of compiled) checkMemory(contract, extent, scratchWordsOf(each, extent));
  const trials = planTrials(subject.binarization.module, contract, extent, effort.interpretedSteps);
  const { leastSlices, warmUpMilliseconds } = effort;
  const plan = { contract, targets: compiled, compiler, trials, seconds, leastSlices, warmUpMilliseconds };
  const slices = await measureTargets(plan, context);
  const speeds = speedsOf(contract, extent, slices);
  const machine = describeMachine(compiler);
  const count = Math.min(...[...slices.values()].map(({ length }) => length));
  const judged = trials.find(({ expected }) => expected !== null)?.extent ?? null;
  context.print(`${subject.title}, ${describeExtent(contract, extent)}`);
  context.print(machineText(machine));
  context.print(`${describeJudge(contract, judged)}; medians of ${count} slices`);
  context.print("");
  context.print(await speedTable(contract, speeds));
  context.printJson({
    ...subject.fields,
    machine,
    extent,
    interpreted: judged,
    slices: count,
    contenders: speeds,
    leftOut,
  });
  return STATUS.done;
}

/** All targets read and answer the same. */
function interfaceOf(compiled: Awaited<ReturnType<typeof compileTargets>>): ProgramInterface {
  const [first] = compiled;
  if (first === undefined) throw new UsageError("none of the targets can run here");
  return first.compilation.program.interface;
}

function describeJudge(contract: ProgramInterface, judged: Extent | null): string {
  if (judged === null) return "all answers are equal; the network is too large for the interpreter";
  return `all answers are equal, and the interpreter's on ${describeExtent(contract, judged)}`;
}
