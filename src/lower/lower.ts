/**
 * MorphIR → WordIR: planes with halos for the images that other pixels are read from, a function for each stage between
 * them, and gate tables for what straight-line code would be too long for.
 */
import type { MorphModule } from "../ir/node.js";
import type { Target } from "../target/target.js";
import { constant } from "../word/build.js";
import { entryParameters, type WordProgram } from "../word/node.js";
import { gateRoutines } from "./gate-routines.js";
import { interfaceOf } from "./interface.js";
import { checkCode, checkScratch } from "./limits.js";
import { type Body, createLowering, type Lowering } from "./lowering.js";
import { clearAllTails, exportPictures, importPictures } from "./pictures.js";
import { sampleBody } from "./sample-body.js";
import { sizesOutside } from "./sizes.js";
import { lowerStages } from "./stages.js";
import { loopOverTiles } from "./tiles.js";

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
  const imports = importPictures(lowering, constant(0));
  const stages = lowerStages(lowering);
  const work = [...imports, ...stages.statements, ...exportPictures(lowering)];
  const { tiles, layout, schedule } = lowering;
  const [output] = schedule.module.outputs;
  if (tiles === null || output === undefined) {
    return { statements: [...work, ...clearAllTails(lowering)], slots: stages.slots };
  }
  const { height } = sizesOutside(layout.geometryOf(output));
  return { statements: [loopOverTiles(tiles, height, work), ...clearAllTails(lowering)], slots: stages.slots };
}
