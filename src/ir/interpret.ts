/** The reference semantics of MorphIR: every node by its definition, pixel by pixel. */
import { fail, InternalError, unreachable } from "../diagnostics.js";
import { type BitImage, buildBitImage, getPixel, readPixel } from "../morph/bit-image.js";
import type { Outcome, Picture } from "../morph/picture.js";
import { elementOffsets } from "../morph/structuring-element.js";
import type {
  Dilation,
  Erosion,
  ModuleInput,
  MorphModule,
  MorphNode,
  Readout,
  Subsample,
  Threshold,
  ValueId,
} from "./node.js";

/** What a value holds for one picture. */
export type ValueContent =
  | { readonly kind: "image"; readonly image: BitImage }
  | { readonly kind: "bit"; readonly bit: 0 | 1 }
  /** One entry, 0 or 1, per element. */
  | { readonly kind: "vector"; readonly bits: Uint8Array }
  | { readonly kind: "scores"; readonly class: number; readonly scores: readonly bigint[] };

/**
 * What a module that `verifyModule` accepts answers for a picture. Tail bits of the picture do not count.
 * @throws DiagnosticError BMN0603 on a wrong size, BMN0604 on a wrong kind or number of channels
 */
export function interpretModule(module: MorphModule, picture: Picture): Outcome {
  const contents = interpretValues(module, picture);
  const images: BitImage[] = [];
  for (const id of module.outputs) {
    const content = contentOf(contents, id);
    switch (content.kind) {
      case "image":
        images.push(content.image);
        break;
      case "vector":
        return { kind: "bits", bits: content.bits };
      case "scores":
        return content;
      case "bit":
        throw new InternalError("a bit is no output");
      default:
        unreachable(content);
    }
  }
  return { kind: "images", images };
}

/** What every value holds, in the order of the values; errors as in {@link interpretModule}. */
export function interpretValues(module: MorphModule, picture: Picture): ValueContent[] {
  checkPicture(module.input, picture);
  const contents: ValueContent[] = [];
  for (const value of module.values) contents.push(evaluate(value.node, contents, picture));
  return contents;
}

function checkPicture(input: ModuleInput, picture: Picture): void {
  if (picture.kind !== input.samples) {
    fail("BMN0604", `the network reads ${input.samples}, the picture holds ${picture.kind}`);
  }
  if (picture.channels.length !== input.channels) {
    fail("BMN0604", `the network reads ${input.channels} channels, the picture has ${picture.channels.length}`);
  }
  const { height, width } = picture;
  if ((input.height ?? height) !== height || (input.width ?? width) !== width) {
    fail(
      "BMN0603",
      `the network reads pictures of ${input.height ?? "?"}×${input.width ?? "?"}, got ${height}×${width}`,
    );
  }
}

function evaluate(node: MorphNode, contents: readonly ValueContent[], picture: Picture): ValueContent {
  switch (node.kind) {
    case "input":
      return imageContent(binaryChannel(picture, node.channel));
    case "level-set":
      return imageContent(levelSet(picture, node.channel, node.threshold));
    case "constant":
      return mapBits(contentOf(contents, node.like), () => node.value);
    case "erosion":
      return imageContent(erode(node, imageOf(contents, node.input)));
    case "dilation":
      return imageContent(dilate(node, imageOf(contents, node.input)));
    case "union":
      return joinBits(contents, node.inputs, 1);
    case "intersection":
      return joinBits(contents, node.inputs, 0);
    case "complement":
      return mapBits(contentOf(contents, node.input), (bit) => 1 - bit);
    case "threshold":
      return applyThreshold(node, contents);
    case "subsample":
      return imageContent(subsample(node, contents));
    case "flatten":
      return { kind: "vector", bits: flatten(node.inputs.map((id) => contentOf(contents, id))) };
    case "element":
      return { kind: "bit", bit: vectorOf(contents, node.input)[node.index] === 1 ? 1 : 0 };
    case "readout":
      return readOut(node, vectorOf(contents, node.input));
    default:
      return unreachable(node);
  }
}

function binaryChannel(picture: Picture, channel: number): BitImage {
  const plane = picture.kind === "bits" ? picture.channels[channel] : undefined;
  if (plane === undefined) throw new InternalError(`no binary channel ${channel}`);
  return buildBitImage(picture.height, picture.width, (row, column) => getPixel(plane, row, column));
}

function levelSet(picture: Picture, channel: number, threshold: number): BitImage {
  const plane = picture.kind === "bytes" ? picture.channels[channel] : undefined;
  if (plane === undefined) throw new InternalError(`no gray channel ${channel}`);
  const { height, width } = picture;
  return buildBitImage(height, width, (row, column) => (plane[row * width + column] ?? 0) >= threshold);
}

/** x belongs if x + b is set for every b. */
function erode({ element, border }: Erosion, source: BitImage): BitImage {
  const offsets = elementOffsets(element);
  return buildBitImage(source.height, source.width, (row, column) => {
    for (const offset of offsets) {
      if (readPixel(source, row + offset.row, column + offset.column, border) === 0) return false;
    }
    return true;
  });
}

/** x belongs if x − b is set for some b. */
function dilate({ element, border }: Dilation, source: BitImage): BitImage {
  const offsets = elementOffsets(element);
  return buildBitImage(source.height, source.width, (row, column) => {
    for (const offset of offsets) {
      if (readPixel(source, row - offset.row, column - offset.column, border) === 1) return true;
    }
    return false;
  });
}

/** `decisive` where any operand is `decisive`: 1 for a union, 0 for an intersection. */
function joinBits(contents: readonly ValueContent[], inputs: readonly ValueId[], decisive: 0 | 1): ValueContent {
  const first = contentOf(contents, inputs[0]);
  const other = decisive === 1 ? 0 : 1;
  if (first.kind === "bit") return bitContent(inputs.some((id) => bitOf(contents, id) === decisive) ? decisive : other);
  const sources = inputs.map((id) => imageOf(contents, id));
  const [{ height, width }] = sources as [BitImage];
  const image = buildBitImage(height, width, (row, column) => {
    for (const source of sources) if (getPixel(source, row, column) === decisive) return decisive;
    return other;
  });
  return imageContent(image);
}

function applyThreshold(node: Threshold, contents: readonly ValueContent[]): ValueContent {
  const decide = thresholdFunction(node);
  if (contentOf(contents, node.terms[0]?.input).kind === "bit") {
    return bitContent(decide(Uint8Array.from(node.terms, (term) => bitOf(contents, term.input))) ? 1 : 0);
  }
  const reads = node.terms.map((term) => ({ source: imageOf(contents, term.input), ...term.offset }));
  const { height, width } = imageOf(contents, node.terms[0]?.input);
  const pattern = new Uint8Array(reads.length);
  const image = buildBitImage(height, width, (row, column) => {
    let index = 0;
    for (const read of reads) {
      pattern[index++] = readPixel(read.source, row + read.row, column + read.column, node.border);
    }
    return decide(pattern);
  });
  return imageContent(image);
}

/** Whether the weights of the terms whose bit is set sum to more than the bound; doubles where every sum is exact. */
function thresholdFunction({ terms, bound }: Threshold): (pattern: Uint8Array) => boolean {
  const weights = terms.map((term) => term.weight);
  const largest = [bound, ...weights].reduce((sum, each) => sum + (each < 0n ? -each : each), 0n);
  if (largest <= BigInt(Number.MAX_SAFE_INTEGER)) {
    const doubles = Float64Array.from(weights, Number);
    const doubleBound = Number(bound);
    return (pattern) => {
      let sum = 0;
      for (let index = 0; index < doubles.length; index++) if (pattern[index] === 1) sum += doubles[index] ?? 0;
      return sum > doubleBound;
    };
  }
  return (pattern) => {
    let sum = 0n;
    for (let index = 0; index < weights.length; index++) if (pattern[index] === 1) sum += weights[index] ?? 0n;
    return sum > bound;
  };
}

function subsample(node: Subsample, contents: readonly ValueContent[]): BitImage {
  const source = imageOf(contents, node.input);
  const height = Math.floor(source.height / 2);
  const width = Math.floor(source.width / 2);
  return buildBitImage(height, width, (row, column) => getPixel(source, 2 * row, 2 * column));
}

function flatten(contents: readonly ValueContent[]): Uint8Array {
  const bits: number[] = [];
  for (const content of contents) {
    if (content.kind === "bit") bits.push(content.bit);
    else {
      const source = asImage(content);
      for (let row = 0; row < source.height; row++) {
        for (let column = 0; column < source.width; column++) bits.push(getPixel(source, row, column));
      }
    }
  }
  return Uint8Array.from(bits);
}

function readOut(node: Readout, bits: Uint8Array): ValueContent {
  const scores = node.weights.map((row, label) =>
    row.reduce((sum, weight, index) => (bits[index] === 1 ? sum + weight : sum), node.biases[label] ?? 0n),
  );
  let best = 0;
  for (const [label, score] of scores.entries()) if (score > (scores[best] ?? score)) best = label;
  return { kind: "scores", class: best, scores };
}

/** Each pixel, or the bit, replaced. */
function mapBits(content: ValueContent, replace: (bit: 0 | 1) => number): ValueContent {
  if (content.kind === "bit") return bitContent(replace(content.bit) === 1 ? 1 : 0);
  const source = asImage(content);
  return imageContent(
    buildBitImage(source.height, source.width, (row, column) => replace(getPixel(source, row, column))),
  );
}

function imageContent(image: BitImage): ValueContent {
  return { kind: "image", image };
}

function bitContent(bit: 0 | 1): ValueContent {
  return { kind: "bit", bit };
}

function contentOf(contents: readonly ValueContent[], id: ValueId | undefined): ValueContent {
  const content = id === undefined ? undefined : contents[id];
  if (content === undefined) throw new InternalError(`operand ${String(id)} is not a value that comes earlier`);
  return content;
}

function asImage(content: ValueContent): BitImage {
  if (content.kind !== "image") throw new InternalError(`expected an image, got ${content.kind}`);
  return content.image;
}

function imageOf(contents: readonly ValueContent[], id: ValueId | undefined): BitImage {
  return asImage(contentOf(contents, id));
}

function bitOf(contents: readonly ValueContent[], id: ValueId): 0 | 1 {
  const content = contentOf(contents, id);
  if (content.kind !== "bit") throw new InternalError(`expected a bit, got ${content.kind}`);
  return content.bit;
}

function vectorOf(contents: readonly ValueContent[], id: ValueId): Uint8Array {
  const content = contentOf(contents, id);
  if (content.kind !== "vector") throw new InternalError(`expected a vector, got ${content.kind}`);
  return content.bits;
}
