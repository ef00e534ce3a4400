/** Small WordIR programs written by hand, each with what it must answer, computed pixel by pixel. */
import { buildBitImage, createBitImage, getPixel, readPixel, setPixel } from "../../src/morph/bit-image.js";
import type { Outcome, Picture } from "../../src/morph/picture.js";
import {
  absolute,
  add,
  constant,
  LANES,
  load,
  lowBitsIndex,
  minimum,
  multiply,
  relative,
  shiftRightIndex,
  subtract,
  typedIndex,
  typedPointer,
  typedWord,
  variable,
  wordsForIndex,
} from "../../src/word/build.js";
import type { Condition, Index, Pointer, Statement, Typed, Wide, Word, WordProgram } from "../../src/word/node.js";

export interface Case {
  readonly program: WordProgram;
  readonly pictures: readonly Picture[];
  readonly expected: readonly Outcome[];
}

const word = (name: string): Word => ({ kind: "variable", name });
const bits = (value: number): Word => ({ kind: "constant", value });
const wide = (name: string): Wide => ({ kind: "variable", name });
const both = (kind: "and" | "or" | "xor" | "and-not", left: Word, right: Word): Word => ({ kind, left, right });
const shift = (kind: "shift-left" | "shift-right", value: Word, amount: Index | number): Word => ({
  kind,
  value,
  amount: typeof amount === "number" ? constant(amount) : amount,
});
const bind = (name: string, value: Typed, mutable = false): Statement => ({ kind: "let", name, mutable, value });
const assign = (name: string, value: Typed): Statement => ({ kind: "assign", name, value });
const store = (pointer: Pointer, value: Word, offset = 0): Statement => ({ kind: "store", pointer, offset, value });
const loop = (name: string, to: Index, body: readonly Statement[], step: Index = constant(1)): Statement => ({
  kind: "for",
  variable: name,
  from: constant(0),
  to,
  step,
  body,
});
const call = (callee: string, operands: readonly Typed[]): Statement => ({
  kind: "call",
  callee,
  arguments: operands,
  result: null,
});
const typedWide = (value: Wide): Typed => ({ type: "wide", value });

/** Numbers that look random and are always the same. */
export function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

/** A picture of bits with noise beyond its last column. */
export function noisyBits(height: number, width: number, channels: number, seed: number): Picture {
  const random = noise(seed);
  const images = Array.from({ length: channels }, () => {
    const image = buildBitImage(height, width, () => random() < 0.7);
    for (let row = 0; row < height; row++) {
      for (let column = width; column < 32 * image.strideWords; column++)
        setPixel(image, row, column, Number(random() < 0.5));
    }
    return image;
  });
  return { kind: "bits", height, width, channels: images };
}

export function noisyBytes(height: number, width: number, channels: number, seed: number): Picture {
  const random = noise(seed);
  const planes = Array.from({ length: channels }, () =>
    Uint8Array.from({ length: height * width }, () => random() * 256),
  );
  return { kind: "bytes", height, width, channels: planes };
}

function onlyPlane(picture: Picture): Uint8Array {
  const [plane] = picture.channels;
  if (!(plane instanceof Uint8Array)) throw new Error("bytes expected");
  return plane;
}

/**
 * Erosion by a 3×3 square, edges repeated: rows are copied into a plane with a word on the left and room for a vector
 * on the right, then a vector function combines nine shifted words.
 */
export function erosionCase(lanes: number): Case {
  const words = wordsForIndex(variable("width"));
  const stride = add(words, lanes + 1);
  const last = lowBitsIndex(add(variable("width"), 31), 5);
  const outside = shift("shift-left", shift("shift-left", bits(0xffffffff), last), 1);
  const spread = (value: Word): Word => ({ kind: "negate", value: both("and", value, bits(1)) });
  const horizontal = (name: string): Word => {
    const left = both(
      "or",
      shift("shift-left", load(relative(name), 0), 1),
      shift("shift-right", load(relative(name), -1), 31),
    );
    const right = both(
      "or",
      shift("shift-right", load(relative(name), 0), 1),
      shift("shift-left", load(relative(name), 1), 31),
    );
    return both("and", both("and", left, load(relative(name), 0)), right);
  };
  const sourceRow = subtract(
    minimum({ kind: "maximum", left: variable("row"), right: constant(1) }, variable("height")),
    1,
  );
  const program: WordProgram = {
    name: "erosion3",
    lanes,
    interface: {
      kind: "images",
      inputChannels: 1,
      samples: "bits",
      height: null,
      width: null,
      outputChannels: 1,
      outputHalvings: 0,
    },
    scratchWords: add(multiply(add(variable("height"), 2), stride), multiply(variable("height"), add(words, lanes))),
    tables: [],
    functions: [
      {
        name: "load_rows",
        comment: ["Copies the picture into the plane and repeats its edges."],
        mode: "scalar",
        parameters: [
          { name: "height", type: "index" },
          { name: "width", type: "index" },
        ],
        body: [
          loop("row", add(variable("height"), 2), [
            bind("source", typedPointer(absolute("input", multiply(sourceRow, words)))),
            bind("target", typedPointer(absolute("scratch", add(multiply(variable("row"), stride), 1)))),
            loop("j", words, [store(relative("target", variable("j")), load(relative("source", variable("j"))))]),
            bind("first", typedWord(load(relative("target")))),
            bind("end", typedWord(load(relative("target", subtract(words, 1))))),
            bind("edge", typedWord(spread(shift("shift-right", word("end"), last)))),
            store(relative("target"), spread(word("first")), -1),
            store(
              relative("target", subtract(words, 1)),
              both("or", both("and-not", word("end"), outside), both("and", word("edge"), outside)),
            ),
            store(relative("target", words), word("edge")),
          ]),
        ],
        result: null,
      },
      {
        name: "erode",
        comment: ["Pixels whose 3x3 neighbours are all set."],
        mode: "vector",
        parameters: [
          { name: "planes", type: "pointer", space: "scratch" },
          { name: "result", type: "pointer", space: "scratch" },
          { name: "height", type: "index" },
          { name: "width", type: "index" },
        ],
        body: [
          loop("row", variable("height"), [
            loop(
              "j",
              words,
              [
                bind(
                  "above",
                  typedPointer(relative("planes", add(multiply(variable("row"), stride), variable("j"), 1))),
                ),
                bind("here", typedPointer(relative("above", stride))),
                bind("below", typedPointer(relative("here", stride))),
                bind("all", typedWord(horizontal("above")), true),
                assign("all", typedWord(both("and", word("all"), horizontal("here")))),
                assign("all", typedWord(both("and", horizontal("below"), word("all")))),
                store(
                  relative("result", add(multiply(variable("row"), add(words, lanes)), variable("j"))),
                  word("all"),
                ),
              ],
              LANES,
            ),
          ]),
        ],
        result: null,
      },
      {
        name: "run",
        comment: ["The whole network."],
        mode: "scalar",
        parameters: [
          { name: "height", type: "index" },
          { name: "width", type: "index" },
        ],
        body: [
          call("load_rows", [typedIndex(variable("height")), typedIndex(variable("width"))]),
          bind("result", typedIndex(multiply(add(variable("height"), 2), stride))),
          call("erode", [
            typedPointer(absolute("scratch", 0)),
            typedPointer(absolute("scratch", variable("result"))),
            typedIndex(variable("height")),
            typedIndex(variable("width")),
          ]),
          { kind: "comment", text: "Tail bits of the output are zero." },
          loop("row", variable("height"), [
            loop("j", words, [
              bind(
                "taken",
                typedWord(
                  load(
                    absolute(
                      "scratch",
                      add(variable("result"), multiply(variable("row"), add(words, lanes)), variable("j")),
                    ),
                  ),
                ),
              ),
              {
                kind: "if",
                condition: { kind: "index", operator: "==", left: add(variable("j"), 1), right: words },
                then: [
                  store(
                    absolute("output", add(multiply(variable("row"), words), variable("j"))),
                    both("and-not", word("taken"), outside),
                  ),
                ],
                else: [store(absolute("output", add(multiply(variable("row"), words), variable("j"))), word("taken"))],
              },
            ]),
          ]),
        ],
        result: null,
      },
    ],
  };
  const sizes: readonly (readonly [number, number])[] = [
    [1, 1],
    [3, 31],
    [4, 32],
    [5, 33],
    [2, 64],
    [9, 65],
    [7, 200],
  ];
  const pictures = sizes.map(([height, width], index) => noisyBits(height, width, 1, index + 1));
  return { program, pictures, expected: pictures.map(erodeSlowly) };
}

function erodeSlowly(picture: Picture): Outcome {
  const [image] = picture.channels;
  if (picture.kind !== "bits" || image === undefined || image instanceof Uint8Array) throw new Error("bits expected");
  const offsets = [-1, 0, 1];
  const isSet = (row: number, column: number): boolean =>
    offsets.every((y) => offsets.every((x) => readPixel(image, row + y, column + x, "replicate") === 1));
  return { kind: "images", images: [buildBitImage(image.height, image.width, isSet)] };
}

/** Level sets of a picture of 5×37 bytes at three thresholds; nothing is free, so `run` has no size parameters. */
export function levelSetCase(): Case {
  const thresholds = [0, 100, 255];
  const [height, width] = [5, 37];
  const words = 2;
  const channel = (threshold: number, position: number): Statement =>
    call("level_set", [typedIndex(threshold), typedPointer(absolute("output", position * height * words))]);
  const program: WordProgram = {
    name: "levels",
    lanes: 1,
    interface: {
      kind: "images",
      inputChannels: 1,
      samples: "bytes",
      height,
      width,
      outputChannels: thresholds.length,
      outputHalvings: 0,
    },
    scratchWords: constant(0),
    tables: [],
    functions: [
      {
        name: "level_set",
        comment: ["Packs the bits [byte ≥ threshold]."],
        mode: "scalar",
        parameters: [
          { name: "threshold", type: "index" },
          { name: "target", type: "pointer", space: "output" },
        ],
        body: [
          loop("row", constant(height), [
            loop("j", constant(words), [
              bind("first", typedIndex(multiply(variable("j"), 32))),
              bind("pixels", typedPointer(absolute("bytes", add(multiply(variable("row"), width), variable("first"))))),
              bind("packed", typedWord(bits(0)), true),
              loop("i", minimum(32, subtract(width, variable("first"))), [
                bind(
                  "bit",
                  typedWord({
                    kind: "at-least",
                    value: load(relative("pixels", variable("i"))),
                    threshold: variable("threshold"),
                  }),
                ),
                assign(
                  "packed",
                  typedWord(both("or", word("packed"), shift("shift-left", word("bit"), variable("i")))),
                ),
              ]),
              store(relative("target", add(multiply(variable("row"), words), variable("j"))), word("packed")),
            ]),
          ]),
        ],
        result: null,
      },
      {
        name: "run",
        comment: ["The whole network."],
        mode: "scalar",
        parameters: [],
        body: thresholds.map(channel),
        result: null,
      },
    ],
  };
  const pictures = [1, 2, 3].map((seed) => noisyBytes(height, width, 1, seed));
  const answer = (picture: Picture): Outcome => {
    const plane = onlyPlane(picture);
    const images = thresholds.map((threshold) =>
      buildBitImage(height, width, (row, column) => (plane[row * width + column] ?? 0) >= threshold),
    );
    return { kind: "images", images };
  };
  return { program, pictures, expected: pictures.map(answer) };
}

/** Gates on eight bits of a sample from tables: and, or, exclusive or; then an all-equal test by an index condition. */
export function gateCase(): Case {
  const kinds = [0, 1, 2, 0, 2, 1, 0];
  const operands = [0, 1, 2, 3, 4, 5, 8, 9, 10, 6, 12, 7, 13, 11];
  const length = 15;
  const slot = (table: "operands", position: Index): Word =>
    load(absolute("scratch", { kind: "table", table, index: position }));
  const kind: Index = { kind: "table", table: "kinds", index: variable("gate") };
  const isKind = (value: number): Condition => ({
    kind: "index",
    operator: "==",
    left: variable("kind"),
    right: constant(value),
  });
  const program: WordProgram = {
    name: "gates",
    lanes: 1,
    interface: {
      kind: "samples",
      inputChannels: 2,
      samples: "bits",
      height: 1,
      width: 4,
      output: { kind: "bits", length },
    },
    scratchWords: constant(length),
    tables: [
      { name: "kinds", element: "u8", values: kinds, comment: "0 and, 1 or, 2 exclusive or." },
      { name: "operands", element: "u16", values: operands, comment: "Two slots per gate." },
    ],
    functions: [
      {
        name: "evaluate",
        comment: ["Evaluates the gates in order."],
        mode: "scalar",
        parameters: [],
        body: [
          loop("gate", constant(kinds.length), [
            bind("left", typedWord(slot("operands", multiply(variable("gate"), 2)))),
            bind("right", typedWord(slot("operands", add(multiply(variable("gate"), 2), 1)))),
            bind("kind", typedIndex(kind)),
            bind("result", typedWord(both("xor", word("left"), word("right"))), true),
            {
              kind: "if",
              condition: isKind(0),
              then: [assign("result", typedWord(both("and", word("left"), word("right"))))],
              else: [
                {
                  kind: "if",
                  condition: isKind(1),
                  then: [assign("result", typedWord(both("or", word("left"), word("right"))))],
                  else: [],
                },
              ],
            },
            store(absolute("scratch", add(variable("gate"), 8)), word("result")),
          ]),
        ],
        result: null,
      },
      {
        name: "run",
        comment: ["The whole network."],
        mode: "scalar",
        parameters: [{ name: "count", type: "index" }],
        body: [
          loop("sample", variable("count"), [
            loop("i", constant(8), [
              bind("from", typedIndex(add(multiply(variable("sample"), 2), shiftRightIndex(variable("i"), 2)))),
              store(
                absolute("scratch", variable("i")),
                both(
                  "and",
                  shift("shift-right", load(absolute("input", variable("from"))), lowBitsIndex(variable("i"), 2)),
                  bits(1),
                ),
              ),
            ]),
            call("evaluate", []),
            bind("packed", typedWord(bits(0)), true),
            loop("bit", constant(length), [
              assign(
                "packed",
                typedWord(
                  both(
                    "or",
                    word("packed"),
                    shift("shift-left", load(absolute("scratch", variable("bit"))), variable("bit")),
                  ),
                ),
              ),
            ]),
            store(absolute("output", variable("sample")), word("packed")),
          ]),
        ],
        result: null,
      },
    ],
  };
  const pictures = Array.from({ length: 70 }, (_, seed) => noisyBits(1, 4, 2, seed));
  const answer = (picture: Picture): Outcome => {
    if (picture.kind !== "bits") throw new Error("bits expected");
    const slots = picture.channels.flatMap((image) => [0, 1, 2, 3].map((column): number => getPixel(image, 0, column)));
    kinds.forEach((gate, index) => {
      const [a = 0, b = 0] = operands.slice(2 * index, 2 * index + 2).map((at) => slots[at] ?? 0);
      slots.push(gate === 0 ? a & b : gate === 1 ? a | b : a ^ b);
    });
    return { kind: "bits", bits: Uint8Array.from(slots) };
  };
  return { program, pictures, expected: pictures.map(answer) };
}

/** Scores of three classes from 4 bytes, weights up to 2^30 and a bias of 2^40, in three limbs of 20 bits; class by arg max. */
export function scoreCase(): Case {
  const weights = [2 ** 30, -(2 ** 31), 7, -1, -5, 2 ** 20, -3, 12345, -(2 ** 30), 99, -100000, 2 ** 31 - 1];
  const biases = [2 ** 40, -(2 ** 40) - 1, 0];
  const limbs = 3;
  const score: Wide = wide("score");
  const bias = (label: number): Statement => ({
    kind: "if",
    condition: { kind: "index", operator: "==", left: variable("label"), right: constant(label) },
    then: [assign("score", typedWide({ kind: "constant", value: biases[label] ?? 0 }))],
    else: [],
  });
  const limb = (k: number): Wide => {
    const rest: Wide = k === 0 ? score : { kind: "shift-right", value: score, amount: 20 * k };
    return k === limbs - 1 ? rest : { kind: "low-bits", value: rest, bits: 20 };
  };
  const weight: Wide = {
    kind: "table",
    table: "weights",
    index: add(multiply(variable("label"), 4), variable("i")),
  };
  const program: WordProgram = {
    name: "scores",
    lanes: 1,
    interface: {
      kind: "samples",
      inputChannels: 1,
      samples: "bytes",
      height: 2,
      width: 2,
      output: {
        kind: "scores",
        classes: 3,
        limbs,
        limbBits: 20,
        exponent: -3,
        activation: ["identity", "tanh", "tanh"],
      },
    },
    scratchWords: constant(1),
    tables: [{ name: "weights", element: "i32", values: weights, comment: "Four weights per class." }],
    functions: [
      {
        name: "run",
        comment: ["The whole network."],
        mode: "scalar",
        parameters: [{ name: "count", type: "index" }],
        body: [
          loop("sample", variable("count"), [
            bind("best", typedIndex(0), true),
            bind("most", typedWide({ kind: "constant", value: -(2 ** 53) }), true),
            loop("label", constant(3), [
              bind("score", typedWide({ kind: "constant", value: 0 }), true),
              ...biases.map((_, label) => bias(label)),
              loop("i", constant(4), [
                bind("value", typedWord(load(absolute("bytes", add(multiply(variable("sample"), 4), variable("i")))))),
                assign(
                  "score",
                  typedWide({
                    kind: "add",
                    left: score,
                    right: { kind: "multiply", left: weight, right: { kind: "from-word", value: word("value") } },
                  }),
                ),
              ]),
              {
                kind: "if",
                condition: {
                  kind: "or",
                  left: {
                    kind: "and",
                    left: { kind: "wide", operator: ">", left: score, right: wide("most") },
                    right: { kind: "index", operator: "!=", left: variable("label"), right: constant(3) },
                  },
                  right: { kind: "index", operator: "<", left: variable("label"), right: constant(1) },
                },
                then: [assign("best", typedIndex(variable("label"))), assign("most", typedWide(score))],
                else: [],
              },
              ...[0, 1, 2].map(
                (k): Statement => ({
                  kind: "store-score",
                  pointer: absolute("scores", multiply(add(multiply(variable("sample"), 3), variable("label")), limbs)),
                  offset: k,
                  value: limb(k),
                }),
              ),
            ]),
            {
              kind: "store-class",
              pointer: absolute("classes", variable("sample")),
              offset: 0,
              value: variable("best"),
            },
          ]),
        ],
        result: null,
      },
    ],
  };
  const pictures = Array.from({ length: 20 }, (_, seed) => noisyBytes(2, 2, 1, seed + 5));
  const answer = (picture: Picture): Outcome => {
    const bytes = onlyPlane(picture);
    const scores = biases.map((start, label) =>
      [...bytes].reduce((sum, byte, i) => sum + BigInt(weights[4 * label + i] ?? 0) * BigInt(byte), BigInt(start)),
    );
    const greatest = scores.reduce((a, b) => (b > a ? b : a));
    return { kind: "scores", class: scores.indexOf(greatest), scores };
  };
  return { program, pictures, expected: pictures.map(answer) };
}

/** Every second pixel of every second row: the output is half the size. */
export function halvingCase(): Case {
  const words = wordsForIndex(variable("width"));
  const [outputHeight, outputWidth] = [shiftRightIndex(variable("height"), 1), shiftRightIndex(variable("width"), 1)];
  const outputWords = wordsForIndex(outputWidth);
  const program: WordProgram = {
    name: "half",
    lanes: 1,
    interface: {
      kind: "images",
      inputChannels: 1,
      samples: "bits",
      height: null,
      width: null,
      outputChannels: 1,
      outputHalvings: 1,
    },
    scratchWords: constant(0),
    tables: [],
    functions: [
      {
        name: "run",
        comment: ["The whole network."],
        mode: "scalar",
        parameters: [
          { name: "height", type: "index" },
          { name: "width", type: "index" },
        ],
        body: [
          loop("row", outputHeight, [
            loop("j", outputWords, [
              bind("packed", typedWord(bits(0)), true),
              bind("from", typedIndex(add(multiply(multiply(variable("row"), 2), words), 0))),
              loop("i", minimum(32, subtract(outputWidth, multiply(variable("j"), 32))), [
                bind("column", typedIndex(multiply(add(multiply(variable("j"), 32), variable("i")), 2))),
                bind(
                  "bit",
                  typedWord(
                    both(
                      "and",
                      shift(
                        "shift-right",
                        load(absolute("input", add(variable("from"), shiftRightIndex(variable("column"), 5)))),
                        lowBitsIndex(variable("column"), 5),
                      ),
                      bits(1),
                    ),
                  ),
                ),
                assign(
                  "packed",
                  typedWord(both("or", word("packed"), shift("shift-left", word("bit"), variable("i")))),
                ),
              ]),
              store(absolute("output", add(multiply(variable("row"), outputWords), variable("j"))), word("packed")),
            ]),
          ]),
        ],
        result: null,
      },
    ],
  };
  const pictures = [noisyBits(2, 2, 1, 1), noisyBits(5, 131, 1, 2), noisyBits(8, 64, 1, 3)];
  const answer = (picture: Picture): Outcome => {
    const [image] = picture.channels;
    if (image === undefined || image instanceof Uint8Array) throw new Error("bits expected");
    const half = createBitImage(picture.height >> 1, picture.width >> 1);
    for (let row = 0; row < half.height; row++) {
      for (let column = 0; column < half.width; column++)
        setPixel(half, row, column, getPixel(image, 2 * row, 2 * column));
    }
    return { kind: "images", images: [half] };
  };
  return { program, pictures, expected: pictures.map(answer) };
}
