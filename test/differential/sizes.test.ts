/** Pictures about the edges of words, smaller than the kernel, long and thin, and large, on every target. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Engine, emitProgram, openModule } from "../../scripts/golden/compiled.js";
import { interpretModule } from "../../src/ir/interpret.js";
import type { MorphModule } from "../../src/ir/node.js";
import { parseModule } from "../../src/ir/parse.js";
import { lower } from "../../src/lower/lower.js";
import { type BitImage, wordsFor } from "../../src/morph/bit-image.js";
import type { Outcome, Picture } from "../../src/morph/picture.js";
import { findCompiler } from "../../src/run/run-c.js";
import { findPreset } from "../../src/target/presets.js";
import { accepted, noise, randomNumbers } from "../lower/modules.js";
import { type CBatch, openCBatch } from "./c-batch.js";
import { countOutcomeDifferences, expectSameOutcomes } from "./outcomes.js";

/** Every pixel of a window around its centre. */
function full(height: number, width: number): string {
  const rows = Array.from({ length: height }, () => "1".repeat(width));
  return `${height}x${width}@${Math.floor(height / 2)},${Math.floor(width / 2)} "${rows.join("/")}"`;
}

function weightedWindow(side: number): string {
  const random = randomNumbers(side);
  const terms = Array.from({ length: side * side }, (_, index) => {
    const [row, column] = [Math.floor(index / side) - (side >> 1), (index % side) - (side >> 1)];
    return `${index % 4 === 3 ? "-" : "+"} ${1 + Math.floor(random() * 9)}*%x(${row},${column})`;
  });
  return terms.join(" ").slice(2);
}

const NETWORKS: Readonly<Record<string, string>> = {
  square_erosion: `%y = erosion %x by ${full(3, 3)} border replicate`,
  asymmetric_dilation:
    '%y = dilation %x by 7x7@3,3 "1100000/0010000/0001110/0000000/0000011/1000000/0000001" border replicate',
  even_kernel: `%y = erosion %x by ${full(4, 2)} border replicate`,
  long_row: `%y = dilation %x by ${full(1, 9)} border replicate`,
  long_column: `%y = erosion %x by ${full(9, 1)} border replicate`,
  large_kernel: `%y = dilation %x by ${full(15, 15)} border zeros`,
  far_element: '%y = dilation %x by 2x3@-4,-66 "101/010" border replicate',
  weighted_window: `%y = threshold ${weightedWindow(5)} > 20 border replicate`,
  zeros_border: `%y = erosion %x by ${full(5, 3)} border zeros`,
  two_layers: `%a = erosion %x by ${full(3, 3)} border replicate
  %b = dilation %x by 3x3@1,1 "010/111/010" border zeros
  %c = complement %b
  %u = union %a %c
  %d = dilation %u by ${full(5, 5)} border replicate
  %y = intersection %d %b`,
  max_pool: `%a = erosion %x by ${full(3, 3)} border replicate
  %m = dilation %a by 2x2@1,1 "11/11" border replicate
  %h = subsample %m
  %y = dilation %h by ${full(3, 3)} border zeros`,
};

const MODULES: readonly MorphModule[] = Object.entries(NETWORKS).map(([name, body]) =>
  parseModule(`module "${name}" (input 1x?x? bits) {\n  %x = input 0\n  ${body}\n  output %y\n}\n`),
);

const EDGES = [1, 31, 32, 33, 63, 64, 65, 127, 1000];
const SIZES: readonly (readonly [number, number])[] = [
  ...EDGES.flatMap((side) => [[1, side] as const, [side, 1] as const, [6, side] as const]),
  [2, 2],
  [3, 3],
  [33, 70],
];

const ENGINES: readonly Engine[] = [
  { label: "WordIR of 1 lane", target: "js", interpreter: "word" },
  { label: "WordIR of 4 lanes", target: "c", interpreter: "word" },
  { label: "js", target: "js" },
  { label: "wasm", target: "wasm" },
  { label: "wasm-mvp", target: "wasm-mvp" },
];

const HAS_GCC = findCompiler("gcc") !== null;
const C = findPreset("c")!;
let batch: CBatch | null = null;

beforeAll(async () => {
  if (!HAS_GCC) return;
  const networks = await Promise.all(
    MODULES.map(async (module) => {
      const program = lower(module, C);
      return { program, artifacts: await emitProgram(program, C) };
    }),
  );
  batch = openCBatch(networks, { compiler: "gcc", flags: ["-O1"] });
});
afterAll(() => batch?.close());

const note = HAS_GCC ? "and in C" : "without C, as there is no gcc";

describe(`${SIZES.length} sizes on all targets ${note}`, () => {
  test.each(MODULES.map((module, index) => [module.name, module, index] as const))("%s", async (_, module, index) => {
    const pictures = accepted(
      module,
      SIZES.map(([height, width], seed) => noise(module.input, height, width, seed)),
    );
    const expected = pictures.map((picture) => interpretModule(module, picture));
    for (const engine of ENGINES) {
      const { runner } = await openModule(module, engine);
      expectSameOutcomes(engine.label, module, pictures, await runner.run(pictures), expected);
      await runner.close();
    }
    if (batch !== null) expectSameOutcomes("c", module, pictures, batch.run(index, pictures), expected);
  });

  test("a picture that would be halved to nothing is refused", async () => {
    const module = MODULES.find((each) => each.name === "max_pool")!;
    for (const engine of ENGINES.filter((each) => each.interpreter === undefined)) {
      const { runner } = await openModule(module, engine);
      for (const [height, width] of [
        [1, 5],
        [5, 1],
      ] as const) {
        await expect(runner.run([noise(module.input, height, width, 1)]), engine.label).rejects.toThrow();
      }
      await runner.close();
    }
    const refuse = (): unknown => batch?.run(MODULES.indexOf(module), [noise(module.input, 1, 5, 1)]);
    if (batch !== null) expect(refuse).toThrow("refuses");
  });
});

const LARGE = 4096;

describe(`a picture of ${LARGE}×${LARGE}`, () => {
  test(`an erosion and an opening on all targets ${note}`, async () => {
    const random = randomNumbers(11);
    const word = (): number => Math.floor(random() * 2 ** 32);
    const words = Uint32Array.from({ length: LARGE * wordsFor(LARGE) }, () => word() | word() | word() | word());
    const image: BitImage = { height: LARGE, width: LARGE, strideWords: wordsFor(LARGE), words };
    const picture: Picture = { kind: "bits", height: LARGE, width: LARGE, channels: [image] };
    const eroded = filter(unpack(image), Math.min, "replicate");
    const opened = filter(eroded, Math.max, "zeros");

    const source = `module "large" (input 1x?x? bits) {
      %x = input 0
      %e = erosion %x by ${full(3, 3)} border replicate
      %o = dilation %e by ${full(3, 3)} border zeros
      output %o %e
    }`;
    const module = parseModule(source);
    const expected: Outcome = { kind: "images", images: [pack(opened), pack(eroded)] };
    for (const engine of ENGINES.filter((each) => each.interpreter === undefined)) {
      const { runner } = await openModule(module, engine);
      const [actual] = await runner.run([picture]);
      expect(countOutcomeDifferences(actual, expected), engine.label).toBe(0);
      await runner.close();
    }
    if (!HAS_GCC) return;
    const program = lower(module, C);
    const compiled = openCBatch([{ program, artifacts: await emitProgram(program, C) }], {
      compiler: "gcc",
      flags: [],
    });
    expect(countOutcomeDifferences(compiled.run(0, [picture])[0], expected), "c").toBe(0);
    compiled.close();
  });
});

/** One byte a pixel, row-major. */
function unpack(image: BitImage): Uint8Array {
  return Uint8Array.from({ length: LARGE * LARGE }, (_, index) => (image.words[index >>> 5]! >>> (index & 31)) & 1);
}

function pack(pixels: Uint8Array): BitImage {
  const words = new Uint32Array(pixels.length / 32);
  pixels.forEach((bit, index) => {
    words[index >>> 5] = words[index >>> 5]! | (bit << (index & 31));
  });
  return { height: LARGE, width: LARGE, strideWords: wordsFor(LARGE), words };
}

/** Least or greatest of each 3×3 square, first along rows, then along columns. */
function filter(
  pixels: Uint8Array,
  choose: (a: number, b: number) => number,
  border: "replicate" | "zeros",
): Uint8Array {
  const pass = (source: Uint8Array, step: number, position: (index: number) => number): Uint8Array =>
    source.map((pixel, index) => {
      const place = position(index);
      const outside = border === "replicate" ? pixel : 0;
      const before = place === 0 ? outside : source[index - step]!;
      const after = place === LARGE - 1 ? outside : source[index + step]!;
      return choose(choose(before, pixel), after);
    });
  const rows = pass(pixels, 1, (index) => index % LARGE);
  return pass(rows, LARGE, (index) => Math.floor(index / LARGE));
}
