import { InternalError } from "../diagnostics.js";
import { compileInterpreter, evaluateScratchWords } from "../word/interpret.js";
import { entryParameters, type WordProgram } from "../word/node.js";
import { type Call, checkExtent, createResults, decodeOutcomes, packCalls, type RawResults } from "./exchange.js";
import type { Runner } from "./runner.js";

export interface InterpreterOptions {
  /** Lanes of vector functions; the program's own when absent. */
  readonly lanes?: number;
}

/** A runner that interprets the program itself: the reference for all others, with every access checked. */
export function createInterpreterRunner(program: WordProgram, options: InterpreterOptions = {}): Runner {
  const interpret = compileInterpreter(program, options.lanes);
  const contract = program.interface;
  const answer = (call: Call): RawResults => {
    checkExtent(contract, call.extent);
    const entryArguments = entryParameters(program).map((name) => call.extent[name]);
    const results = createResults(contract, call.extent);
    const scratch = new Uint32Array(evaluateScratchWords(program, entryArguments));
    fillWithNoise(scratch);
    if (results.output !== null) fillWithNoise(results.output);
    const input = contract.samples === "bits" ? { input: call.input } : { bytes: call.input };
    const { output, classes, scores } = results;
    interpret({ ...input, scratch, ...pickBuffers({ output, classes, scores }) }, entryArguments);
    return results;
  };
  return {
    run: async (pictures) =>
      packCalls(contract, pictures).flatMap((call) => decodeOutcomes(contract, call.extent, answer(call))),
    close: async () => {},
  };
}

function pickBuffers(results: RawResults): { [name in keyof RawResults]?: NonNullable<RawResults[name]> } {
  const { output, classes, scores } = results;
  if (output !== null) return { output };
  if (classes !== null && scores !== null) return { classes, scores };
  throw new InternalError("a call without results");
}

/** A result that depends on what scratch or output held before would differ from the expected one. */
function fillWithNoise(words: Uint32Array): void {
  let state = 0x9e3779b9;
  for (let index = 0; index < words.length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    words[index] = state;
  }
}
