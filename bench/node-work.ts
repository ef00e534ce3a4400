/** The contenders of a case that run in Node: generated WASM and JavaScript. */
import { compile } from "../src/compile.js";
import type { ProgramInterface } from "../src/run/exchange.js";
import { jsArtifact, type NodeArtifact, wasmArtifact } from "../src/run/timing/node-contenders.js";
import { preset } from "./c-program.js";
import type { BenchCase } from "./cases.js";

export interface NodeWork {
  readonly artifacts: readonly NodeArtifact[];
  readonly contract: ProgramInterface;
}

export async function nodeWork(each: BenchCase): Promise<NodeWork> {
  const artifacts: NodeArtifact[] = [];
  const generate = (name: string): ReturnType<typeof compile> =>
    compile(each.model, { target: preset(name), policy: "auto", modelSha256: "0".repeat(64) });
  for (const name of ["wasm", "wasm-mvp"]) artifacts.push(wasmArtifact(name, await generate(name)));
  const js = await generate("js");
  artifacts.push(jsArtifact("js", js));
  return { artifacts, contract: js.program.interface };
}
