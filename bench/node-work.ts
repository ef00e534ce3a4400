/** The contenders of a case that run in Node: generated WASM and JavaScript. */
import { compile } from "../src/compile.js";
import type { Extent } from "../src/run/exchange.js";
import { jsArtifact, type NodeArtifact, wasmArtifact } from "../src/run/timing/node-contenders.js";
import type { TimingWorkerData } from "../src/run/timing/timing-worker.js";
import { preset } from "./c-program.js";
import type { BenchCase } from "./cases.js";

/** Until the engine has compiled what it runs often. */
const WARM_UP_MILLISECONDS = 300;

export async function nodeWork(each: BenchCase, input: Uint32Array, extent: Extent): Promise<TimingWorkerData> {
  const { height, width, count } = extent;
  const artifacts: NodeArtifact[] = [];
  const generate = (name: string): ReturnType<typeof compile> =>
    compile(each.model, { target: preset(name), policy: "auto", modelSha256: "0".repeat(64) });
  for (const name of ["wasm", "wasm-mvp"]) artifacts.push(wasmArtifact(name, await generate(name), extent));
  const js = await generate("js");
  artifacts.push(jsArtifact("js", js));
  const call = { contract: js.program.interface, extent: { height, width, count }, input };
  return { artifacts, call, warmUpMilliseconds: WARM_UP_MILLISECONDS };
}
