import { presets } from "../../target/presets.js";
import type { TargetsArguments } from "../arguments.js";
import { type Context, STATUS } from "../context.js";
import { layoutTable } from "../table.js";

/** `bimonnc targets`: the targets by name; in JSON, each as a target description file has it. */
export async function targetsCommand(_parsed: TargetsArguments, context: Context): Promise<number> {
  const described = presets.map(({ name, description, backend, lanes }) => ({
    name,
    description,
    backend,
    vectorBits: 32 * lanes,
  }));
  const rows = described.map((target) => [target.name, target.backend, String(target.vectorBits), target.description]);
  context.printJson(described);
  context.print(await layoutTable(["target", "backend", "bits", "description"], rows, [2]));
  return STATUS.done;
}
