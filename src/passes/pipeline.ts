/** Which passes run, in which order. */
import { InternalError } from "../diagnostics.js";
import type { MorphModule } from "../ir/node.js";
import { tableEntries } from "../ir/size.js";
import { verifyModule } from "../ir/verify.js";
import type { Target } from "../target/target.js";
import { absorbInputs } from "./absorb-inputs.js";
import { decomposeElements } from "./decompose-elements.js";
import { distribute } from "./distribute.js";
import { dropDead } from "./drop-dead.js";
import { factorJoins } from "./factor-joins.js";
import { flattenJoins } from "./flatten-joins.js";
import { foldConstants } from "./fold-constants.js";
import { mergeChains } from "./merge-chains.js";
import type { Pass } from "./pass.js";
import { pushComplements } from "./push-complements.js";
import { type OptimizationReport, reportOn } from "./report.js";
import { shareDuplicates } from "./share-duplicates.js";
import { shareElements } from "./share-elements.js";
import { sharePairs } from "./share-pairs.js";
import { simplifyThresholds } from "./simplify-thresholds.js";
import { splitThresholds } from "./split-thresholds.js";
import { uniteElements } from "./unite-elements.js";

/**
 * How far the module is rewritten. 0: not at all. 1: what is needless goes. 2: operations are exchanged for cheaper ones too.
 * 3: the same, again and again until nothing changes.
 */
export type OptimizationLevel = 0 | 1 | 2 | 3;

export const OPTIMIZATION_LEVELS: readonly OptimizationLevel[] = [0, 1, 2, 3];
export const DEFAULT_LEVEL: OptimizationLevel = 2;

/** What is needless: constants, idle terms and inputs, duplicates, what no output needs. */
const CLEANING: readonly Pass[] = [simplifyThresholds, foldConstants, absorbInputs, shareDuplicates, dropDead];

const EXCHANGING: readonly Pass[] = [
  pushComplements,
  ...CLEANING,
  splitThresholds,
  // Splitting and what follows make complements, and single operations out of several.
  pushComplements,
  flattenJoins,
  absorbInputs,
  uniteElements,
  distribute,
  mergeChains,
  ...CLEANING,
  factorJoins,
  shareElements,
  sharePairs,
  decomposeElements,
  ...CLEANING,
];

/** Most rounds of level 3; a second one seldom changes anything. */
const MOST_ROUNDS = 4;

/** Passes of a level, in their order. */
export function passesOf(level: OptimizationLevel): readonly Pass[] {
  switch (level) {
    case 0:
      return [];
    case 1:
      return CLEANING;
    case 2:
      return [...CLEANING, ...EXCHANGING];
    case 3:
      return [...CLEANING, ...Array.from({ length: MOST_ROUNDS }, () => EXCHANGING).flat()];
  }
}

export interface Optimization {
  readonly module: MorphModule;
  readonly report: OptimizationReport;
}

/** Told of every pass that changed the module, with what it made of it. */
export type PassObserver = (pass: Pass, module: MorphModule) => void;

/**
 * A module that answers what `module` answers for every picture, for less work.
 * @param module one that `verifyModule` accepts
 */
export function optimize(
  module: MorphModule,
  target: Pick<Target, "lanes">,
  level: OptimizationLevel,
  observe: PassObserver = () => {},
): Optimization {
  const applied: string[] = [];
  let current = module;
  /** The last module that a pass could do nothing with. */
  const idle = new Map<Pass, MorphModule>();
  for (const pass of passesOf(level)) {
    if (idle.get(pass) === current) continue;
    const rewritten = pass.run(current);
    if (rewritten === current || growsTooLarge(current, rewritten)) {
      idle.set(pass, current);
      continue;
    }
    checkPass(pass, rewritten);
    current = rewritten;
    applied.push(pass.name);
    observe(pass, current);
  }
  return { module: current, report: reportOn(module, current, { target, level, applied }) };
}

/** Operands that a rewrite may come to before it may add none: far below what is refused as too large to compile. */
const MUCH = 2 ** 20;

function growsTooLarge(before: MorphModule, after: MorphModule): boolean {
  const entries = entriesOf(after);
  return entries > MUCH && entries > entriesOf(before);
}

function entriesOf({ values }: MorphModule): number {
  return values.reduce((sum, { node }) => sum + tableEntries(node), 0);
}

function checkPass(pass: Pass, module: MorphModule): void {
  try {
    verifyModule(module);
  } catch (error) {
    throw new InternalError(`${pass.name} made an invalid module: ${error instanceof Error ? error.message : ""}`);
  }
}
