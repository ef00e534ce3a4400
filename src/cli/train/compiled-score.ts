/** How well the compiled network does: the model goes through the compiler, and the artifact answers the test set. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "../../compile.js";
import { readSample, type SampleSet } from "../../data/sample-set.js";
import { InternalError, unreachable } from "../../diagnostics.js";
import type { Grade } from "../../ir/node.js";
import type { Model } from "../../model/types.js";
import { bitImageToBits, buildBitImage } from "../../morph/bit-image.js";
import type { Outcome, Picture } from "../../morph/picture.js";
import { findPreset } from "../../target/presets.js";
import { diceMetric } from "../../trainer/losses.js";
import { startBinaryenFast } from "../start-binaryen.js";
import { writeFiles } from "../write-files.js";

export interface CompiledScore {
  /** Of the network, under the policy `auto`. */
  readonly grade: Grade;
  /** Mean DICE, or accuracy. */
  readonly score: number;
}

/** Pictures given to the artifact in one call. */
const BATCH = 256;

/**
 * Compiles the model to WebAssembly in a temporary folder, and runs it on all samples of a finite set.
 * @throws DiagnosticError what compiling finds (BMN0302 where the network is too large)
 */
export async function scoreCompiled(
  model: Model,
  set: SampleSet,
  onProgress: (share: number) => void,
): Promise<CompiledScore> {
  const target = findPreset("wasm");
  if (target === null) throw new InternalError("no target wasm");
  startBinaryenFast();
  const { report, artifacts, program } = await compile(model, { target, policy: "auto", modelSha256: "" });
  const folder = mkdtempSync(join(tmpdir(), "bimonnc-"));
  try {
    writeFiles(folder, artifacts);
    const { openWasmRunner } = await import("../../run/run-wasm.js");
    const runner = await openWasmRunner({ directory: folder, name: model.name, interface: program.interface });
    const count = set.count ?? 0;
    let sum = 0;
    for (let first = 0; first < count; first += BATCH) {
      const samples = Array.from({ length: Math.min(BATCH, count - first) }, (_, index) =>
        readPicture(set, first + index),
      );
      const outcomes = await runner.run(samples.map(({ picture }) => picture));
      outcomes.forEach((outcome, index) => {
        sum += scoreOf(outcome, samples[index]?.target ?? new Uint8Array());
      });
      onProgress((first + samples.length) / count);
    }
    return { grade: report.grade, score: sum / count };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Sample {
  readonly picture: Picture;
  readonly target: Uint8Array;
}

function readPicture(set: SampleSet, index: number): Sample {
  const { channels, height, width, samples } = set.shape;
  const { input, target } = readSample(set, index);
  const planes = Array.from({ length: channels }, (_, channel) =>
    input.subarray(channel * height * width, (channel + 1) * height * width),
  );
  const picture: Picture =
    samples === "bytes"
      ? { kind: "bytes", height, width, channels: planes }
      : {
          kind: "bits",
          height,
          width,
          channels: planes.map((plane) =>
            buildBitImage(height, width, (row, column) => plane[row * width + column] ?? 0),
          ),
        };
  return { picture, target };
}

/** DICE of one picture, or whether the class is right. */
function scoreOf(outcome: Outcome, target: Uint8Array): number {
  switch (outcome.kind) {
    case "scores":
      return Number(outcome.class === target[0]);
    case "bits":
      return Number(Math.max(0, outcome.bits.indexOf(1)) === target[0]);
    case "images": {
      const values = outcome.images.flatMap((image) => [...bitImageToBits(image)]);
      return diceMetric(Float32Array.from(target), Float32Array.from(values), 1)[0] ?? 0;
    }
    default:
      return unreachable(outcome);
  }
}
