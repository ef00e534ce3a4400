/**
 * MorphIR → WordIR: planes with halos for the images that other pixels are read from, a function for each stage between
 * them, and gate tables for what straight-line code would be too long for.
 */
import { InternalError } from "../diagnostics.js";
import type { MorphModule } from "../ir/node.js";
import type { Target } from "../target/target.js";
import { constant, LANES } from "../word/build.js";
import { type Condition, entryParameters, type Statement, type WordProgram } from "../word/node.js";
import { gateRoutines } from "./gate-routines.js";
import type { Geometry } from "./geometry.js";
import { interfaceOf } from "./interface.js";
import { checkCode, checkScratch } from "./limits.js";
import { type Body, createLowering, type Lowering } from "./lowering.js";
import { clearAllTails, exportPictures, importPictures } from "./pictures.js";
import { sampleBody } from "./sample-body.js";
import { sizesOutside } from "./sizes.js";
import { lowerStages } from "./stages.js";
import { loopOverTiles, type TilePlan } from "./tiles.js";

/** @throws DiagnosticError BMN0302 if the code would be too large */
export function lower(module: MorphModule, target: Target): WordProgram {
  checkCode(module);
  const lowering = createLowering(module, target);
  const { layout, builder, gateTables, neuronTables } = lowering;
  const allGates = [...new Set([gateTables, neuronTables])];
  const face = interfaceOf(lowering.schedule);
  const body = face.kind === "images" ? imageBody(lowering) : sampleBody(lowering);
  const parameters = entryParameters({ interface: face }).map((name) => ({ name, type: "index" as const }));
  const program: WordProgram = {
    name: module.name,
    lanes: target.lanes,
    interface: face,
    scratchWords: layout.scratchWords(body.slots),
    tables: [...allGates.flatMap((each) => each.tables()), ...builder.tables],
    functions: builder.functions(allGates.flatMap(gateRoutines), parameters, [
      ...layout.sizeStatements(),
      ...body.statements,
    ]),
  };
  checkScratch(program);
  return program;
}

function imageBody(lowering: Lowering): Body {
  const { layout, schedule, tiles, target } = lowering;
  const { lanes } = target;
  const [output] = schedule.module.outputs;
  if (output === undefined) throw new InternalError("no output");
  // No picture has shorter rows than the outputs, and a free width tells at run time only whether a vector fits in.
  const geometry = layout.geometryOf(output);
  const frame = sizesOutside(geometry);
  const { words } = frame;
  const known = words.kind === "constant" ? words.value < lanes : lanes === 1 ? false : null;
  const stages = lowerStages(lowering, known === null ? [false, true] : [known]);
  const workFor = (isNarrow: boolean): Statement[] => [
    ...importPictures(lowering, constant(0), isNarrow),
    ...stages.statements(isNarrow),
    ...exportPictures(lowering, isNarrow),
  ];
  const isNarrow: Condition = { kind: "index", operator: "<", left: words, right: LANES };
  const work = known === null ? choose(isNarrow, workFor(true), workFor(false)) : workFor(known);
  const statements =
    tiles === null ? work : [...describeTiles(tiles, geometry), ...loopOverTiles(tiles, frame, lanes, work)];
  return { statements: [...statements, ...clearAllTails(lowering)], slots: stages.slots };
}

/** What the numbers in the code are, for its readers. */
function describeTiles(tiles: TilePlan, { stride, plane, halo, leftWords, lead, spill }: Geometry): Statement[] {
  if (stride.kind !== "constant" || plane.kind !== "constant") return [];
  const text =
    `Tiles of ${tiles.rows.size} rows and ${tiles.words.size} words. Scratch holds planes of ${plane.value} words, ` +
    `${lead === 0 ? "" : `the first one ${lead} words in, `}in rows of ${stride.value}; a picture begins at row ` +
    `${spill + halo.top}, word ${leftWords}, inside its halo.`;
  return [{ kind: "comment", text }];
}

/** `then` where the condition holds, else `otherwise`, statement by statement; what is the same in both is not chosen. */
function choose(condition: Condition, then: readonly Statement[], otherwise: readonly Statement[]): Statement[] {
  const chosen: Statement[] = [];
  then.forEach((statement, index) => {
    const other = otherwise[index];
    if (other === undefined || then.length !== otherwise.length) throw new InternalError("nothing to choose from");
    const last = chosen.at(-1);
    if (JSON.stringify(statement) === JSON.stringify(other)) chosen.push(statement);
    else if (last?.kind === "if" && last.condition === condition) {
      chosen.splice(-1, 1, { ...last, then: [...last.then, statement], else: [...last.else, other] });
    } else chosen.push({ kind: "if", condition, then: [statement], else: [other] });
  });
  return chosen;
}
