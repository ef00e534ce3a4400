/** Runs the command line in this process, in a folder of its own, and makes the files that it reads. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { runCli } from "../../src/cli/cli.js";
import type { Activation, Model, NeuronBank } from "../../src/model/types.js";

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stdoutBytes: Uint8Array;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
}

export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const stdout: Uint8Array[] = [];
  let stderr = "";
  const status = await runCli(argv, {
    env: options.env ?? {},
    stdoutIsTerminal: false,
    stderrIsTerminal: options.terminal ?? false,
    readStdin: async (limit) => (options.stdin ?? new Uint8Array()).subarray(0, limit + 1),
    writeStdout: (data) => stdout.push(Buffer.from(data)),
    writeStderr: (text) => {
      stderr += text;
    },
  });
  const stdoutBytes = Buffer.concat(stdout);
  return { status, stdout: stdoutBytes.toString("utf8"), stdoutBytes, stderr };
}

/** Runs `action` with a fresh folder as the current one; pass to `beforeAll` and call the result in `afterAll`. */
export function enterFolder(): () => void {
  const before = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), "bimonnc-cli-"));
  process.chdir(folder);
  return () => {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  };
}

function bank(
  count: number,
  weights: readonly number[],
  biases: readonly number[],
  activation: Activation,
  scale = 1,
): NeuronBank {
  return {
    count,
    inputsPerNeuron: weights.length / count,
    weights: Float32Array.from(weights),
    biases: Float32Array.from(biases),
    scales: new Float32Array(count).fill(scale),
    activation,
  };
}

function bisel(weights: readonly number[], bias: number, scale: number): Model["layers"][number] {
  return {
    kind: "bisel",
    inChannels: 1,
    outChannels: 1,
    kernelHeight: 3,
    kernelWidth: 3,
    border: "replicate",
    bise: bank(1, weights, [bias], "tanh", scale),
    lui: null,
  };
}

const ONES = [1, 1, 1, 1, 1, 1, 1, 1, 1];
const CORNER = [1, 1, 0, 1, 0, 0, 0, 0, 0];

const BITS = { channels: 1, height: null, width: null, encoding: { kind: "binary" }, complements: false } as const;

/** An erosion by a square and a dilation by it: bits, any size, exact. */
export const opening: Model = {
  name: "opening",
  input: BITS,
  layers: [bisel(ONES, 8.5, 40), bisel(ONES, 0.5, 40)],
  provenance: null,
};

/** A dilation whose element is not symmetric. */
export const corner: Model = { name: "corner", input: BITS, layers: [bisel(CORNER, 0.5, 40)], provenance: null };

/** A majority whose hidden values are too near ½ for a proof of the neuron after it. */
export const vague: Model = {
  name: "vague",
  input: BITS,
  layers: [bisel([3, 1, 4, 1, 5, 9, 2, 6, 5], 17.5, 0.01), bisel(ONES, 4.5, 1)],
  provenance: null,
};

/** Two output channels: the opening's erosion, and everything. */
export const twins: Model = {
  name: "twins",
  input: BITS,
  layers: [
    {
      kind: "bisel",
      inChannels: 1,
      outChannels: 2,
      kernelHeight: 3,
      kernelWidth: 3,
      border: "zeros",
      bise: bank(2, [...ONES, ...ONES], [8.5, 0.5], "step"),
      lui: null,
    },
  ],
  provenance: null,
};

/** An erosion, then two halvings: pictures below 4×4 leave nothing. */
export const halved: Model = {
  name: "halved",
  input: BITS,
  layers: [bisel(ONES, 8.5, 40), { kind: "max-pool" }, { kind: "max-pool" }],
  provenance: null,
};

/** The union of two channels. */
export const pair: Model = {
  name: "pair",
  input: { ...BITS, channels: 2 },
  layers: [
    {
      kind: "bisel",
      inChannels: 2,
      outChannels: 1,
      kernelHeight: 1,
      kernelWidth: 1,
      border: "zeros",
      bise: bank(2, [1, 1], [0.5, 0.5], "step"),
      lui: bank(1, [1, 1], [0.5], "step"),
    },
  ],
  provenance: null,
};

/** Three classes of 4×5 gray pictures, by two level sets and their complements. */
export const digits: Model = {
  name: "digits",
  input: {
    channels: 1,
    height: 4,
    width: 5,
    encoding: { kind: "level-sets", grayMinimum: 0, grayMaximum: 1, values: [[0.25, 0.75]] },
    complements: true,
  },
  layers: [
    { kind: "flatten" },
    {
      kind: "dense-lui",
      inFeatures: 80,
      outFeatures: 6,
      lui: bank(
        6,
        Array.from({ length: 480 }, (_, index) => ((index * 7919) % 13) - 6),
        [1, 2, 3, 4, 5, -6],
        "step",
      ),
    },
    {
      kind: "readout",
      inFeatures: 6,
      classes: 3,
      bank: bank(
        3,
        Array.from({ length: 18 }, (_, index) => ((index * 31) % 7) - 3.5),
        [0, 1, 0],
        "identity",
      ),
    },
  ],
  provenance: { tool: "by hand", dataSet: "none", seed: "", notes: "evil \u001b[31m", metrics: [] },
};

/** A gray PNG file from one string of `0` (black) and `1` (white) per row. */
export function bitPng(rows: readonly string[]): Uint8Array {
  return grayPng(rows.map((row) => Array.from(row, (digit) => (digit === "1" ? 255 : 0))));
}

export function grayPng(rows: readonly (readonly number[])[]): Uint8Array {
  return encode({
    width: rows[0]?.length ?? 0,
    height: rows.length,
    channels: 1,
    depth: 8,
    data: Uint8Array.from(rows.flat()),
  });
}
