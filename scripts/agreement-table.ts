/**
 * `npm run agreement -- [FOLDER]`: how often the compiled networks of a folder in the golden format (default ../shared/golden)
 * answer as the float ones do, by policy and by calibration. Every second recorded picture calibrates, the others are measured.
 * Writes docs/agreement.md. Grades `exact` are attacked with pictures that climb towards a difference.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { measureAgreement, shareOf } from "../src/binarize/agreement.js";
import { type BinarizeOptions, binarize } from "../src/binarize/binarize.js";
import { calibrate } from "../src/binarize/calibration.js";
import type { Grade } from "../src/ir/node.js";
import type { Picture } from "../src/morph/picture.js";
import { findDifference } from "./golden/attack.js";
import { type GoldenNetwork, readGoldenFolder } from "./golden/format.js";

const DEFAULT_FOLDER = join(import.meta.dirname, "../../shared/golden");
const OUTPUT = join(import.meta.dirname, "../docs/agreement.md");
const METHODS = ["constant", "uniform", "normal", "activated", "bounds"] as const;
const LEVELS = [1, 8, 32] as const;
/** As `--hidden-levels` rounds weights of several levels. */
const LEVEL_WEIGHT_BITS = 12;

interface Row {
  readonly network: GoldenNetwork;
  readonly grade: Grade;
  readonly auto: number;
  readonly approximate: readonly number[];
  readonly calibrated: readonly number[];
  readonly attacked: number;
}

function shareWith(network: GoldenNetwork, pictures: readonly Picture[], options: BinarizeOptions): number {
  const { module } = binarize(network.model, options);
  return shareOf(measureAgreement(network.model, module, pictures));
}

function measure(network: GoldenNetwork): Row {
  const pictures = [...network.images, ...network.tests].map(({ picture }) => picture);
  const training = pictures.filter((_, index) => index % 2 === 0);
  const test = pictures.filter((_, index) => index % 2 === 1);
  const { report, module } = binarize(network.model, { policy: "auto" });
  const attack = report.grade === "exact" ? findDifference(network.model, module, test) : { tried: 0, found: null };
  if (attack.found !== null) throw new Error(`${network.id} is called exact, but differs on a picture`);
  return {
    network,
    grade: report.grade,
    auto: shareWith(network, test, { policy: "auto" }),
    approximate: METHODS.map((method) => shareWith(network, test, { policy: `approximate-${method}` })),
    calibrated: LEVELS.map((levels) => {
      const calibration = calibrate(network.model, training, levels);
      const rounded = levels > 1 ? { weightBits: LEVEL_WEIGHT_BITS } : {};
      return shareWith(network, test, { policy: "auto", prove: "bounds", calibration, ...rounded });
    }),
    attacked: attack.tried,
  };
}

function table(rows: readonly Row[]): string {
  const head = [
    "network",
    "grade",
    "auto",
    ...METHODS,
    ...LEVELS.map((levels) => `${levels} level${levels > 1 ? "s" : ""}`),
  ];
  const lines = rows.map(({ network, grade, auto, approximate, calibrated }) => {
    const shares = [auto, ...approximate, ...calibrated].map((share) => share.toFixed(4));
    return [network.id, grade, ...shares];
  });
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function main(): number {
  const folder = resolve(process.argv[2] ?? DEFAULT_FOLDER);
  if (!existsSync(folder)) {
    console.error(`${folder} does not exist; give the folder of the reference values: npm run agreement -- FOLDER`);
    return 2;
  }
  const rows = readGoldenFolder(folder).map((network) => {
    const row = measure(network);
    console.log(table([row]).split("\n").at(-1));
    return row;
  });
  const trained = rows.filter(({ network }) => network.kind === "trained");
  const beaten = trained.filter(({ auto, approximate }) => approximate.some((share) => share > auto));
  const least = LEVELS.map((_, index) => Math.min(...trained.map(({ calibrated }) => calibrated[index] ?? 0)));
  const exact = rows.filter(({ grade }) => grade === "exact");
  const attacks = exact.reduce((sum, { attacked }) => sum + attacked, 0);
  const text = `# Agreement with the float network

Written by \`npm run agreement\`. Share of equal answers (pixels, bits of a vector, or classes) between the float network, evaluated in
double precision, and the compiled one, on every second recorded picture; the other pictures calibrated the last three columns.
Weights of several levels are rounded to ${LEVEL_WEIGHT_BITS} bits. The networks are those of the reference values, briefly trained or made by hand.

${table(rows)}

- Called exact: ${exact.length} of ${rows.length}; ${attacks} random and climbing pictures found no difference in them.
- Trained networks on which an approximate method agrees more often than \`auto\`: ${beaten.length} of ${trained.length}${beaten.length === 0 ? "" : ` (${beaten.map(({ network }) => network.id).join(", ")})`}.
- Least share over the trained networks: ${LEVELS.map((levels, index) => `${levels} level${levels > 1 ? "s" : ""} ${(least[index] ?? 0).toFixed(4)}`).join(", ")}.
`;
  if (process.argv[2] === undefined) writeFileSync(OUTPUT, text);
  console.log(text.slice(text.indexOf("- Called")));
  return 0;
}

process.exitCode = main();
