/**
 * Fixtures: a folder `NAME.fixtures` with pictures and what the network answers to them, for regression tests in any
 * language. `fixtures.json` lists the cases:
 *
 *   { "format": "bimonnc-fixtures", "version": 1, "tool": …, "name": …, "modelSha256": …,
 *     "cases": [ { "files": ["0-0.png", …], "height": 17, "width": 33, "outcome": … }, … ] }
 *
 * `files` has one PNG file per channel: 1 bit a sample (white is 1), or 8 bits for networks on gray. An outcome is
 * `{ "kind": "images", "height", "width", "channels": [HEX, …] }` with the packed rows of an output as bytes, two
 * hexadecimal digits each: pixel (r, c) is bit c mod 8 of byte 4·⌈width/32⌉·r + ⌊c/8⌋, the little-endian words of
 * every artifact; or `{ "kind": "bits", "bits": "0110…" }`; or `{ "kind": "scores", "class", "scores": ["-12", …] }`
 * with the integers of the read-out.
 */
import { join } from "node:path";
import { InternalError, unreachable, withSource } from "../diagnostics.js";
import { interpretModule } from "../ir/interpret.js";
import type { MorphModule } from "../ir/node.js";
import { type BitImage, createBitImage } from "../morph/bit-image.js";
import type { Outcome, Picture } from "../morph/picture.js";
import { createRandom } from "../morph/random.js";
import { type JsonReader, parseJson } from "../run/json-reader.js";
import { MAXIMUM_SIDE } from "../word/node.js";
import { stringify } from "./context.js";
import { readFile } from "./files.js";
import { decodePicture } from "./pictures/decode.js";
import { encodeBitPng, encodeGrayPng } from "./pictures/encode.js";
import { fitPicture, type PictureNeed } from "./pictures/fit.js";
import { MAXIMUM_PICTURE_BYTES } from "./pictures/raster.js";
import { interpretationSteps, seriesFor, testPicture } from "./test-pictures.js";
import type { OutputFile } from "./write-files.js";

const FORMAT = "bimonnc-fixtures";
const VERSION = 1;
const CASES = 8;
const SEED = 1;
/** About ten seconds of interpreting: huge networks get fewer cases. */
const MOST_STEPS = 2 ** 30;
const MAXIMUM_FIXTURES_BYTES = 2 ** 28;

/** One picture with the expected answer. */
export interface Fixture {
  /** Files of the picture, joined by `+`, relative to the folder of the fixtures. */
  readonly name: string;
  readonly picture: Picture;
  readonly outcome: Outcome;
}

/** Folder of the fixtures, beside the artifact. */
export function fixturesFolder(name: string): string {
  return `${name}.fixtures`;
}

/** Path of the list of cases, relative to the artifact's folder. */
export function fixturesFile(name: string): string {
  return `${fixturesFolder(name)}/fixtures.json`;
}

export interface FixtureHead {
  readonly tool: string;
  readonly name: string;
  readonly modelSha256: string;
}

/** A picture with its answer, before it has files. */
export interface FixtureCase {
  readonly picture: Picture;
  readonly outcome: Outcome;
}

/** Pictures that depend on nothing but the network, and the interpreter's answers, as files to write. */
export async function createFixtures(module: MorphModule, head: FixtureHead): Promise<readonly OutputFile[]> {
  const random = createRandom(SEED);
  const series = seriesFor(module);
  const cases: FixtureCase[] = [];
  let steps = 0;
  for (let index = 0; index < CASES && steps < MOST_STEPS; index++) {
    const picture = testPicture(series, index, random);
    cases.push({ picture, outcome: interpretModule(module, picture) });
    steps += interpretationSteps(module, picture.height * picture.width);
  }
  return encodeFixtures(head, cases);
}

/** The list of cases, then the pictures of each. */
export async function encodeFixtures(head: FixtureHead, cases: readonly FixtureCase[]): Promise<readonly OutputFile[]> {
  const { tool, name, modelSha256 } = head;
  const folder = fixturesFolder(name);
  const pictures: OutputFile[] = [];
  const entries: string[] = [];
  for (const [index, { picture, outcome }] of cases.entries()) {
    const { height, width } = picture;
    const files = picture.channels.map((_, channel) => `${index}-${channel}.png`);
    for (const [channel, content] of (await encodeChannels(picture)).entries()) {
      pictures.push({ path: `${folder}/${files[channel]}`, content });
    }
    entries.push(`    ${stringify({ files, height, width, outcome: encodeOutcome(outcome) }, 0)}`);
  }
  const fields = Object.entries({ format: FORMAT, version: VERSION, tool, name, modelSha256 });
  const lines = fields.map(([field, value]) => `  ${JSON.stringify(field)}: ${JSON.stringify(value)},`);
  const content = `{\n${lines.join("\n")}\n  "cases": [\n${entries.join(",\n")}\n  ]\n}\n`;
  return [{ path: fixturesFile(name), content }, ...pictures];
}

async function encodeChannels(picture: Picture): Promise<Uint8Array[]> {
  const { height, width } = picture;
  return picture.kind === "bits"
    ? Promise.all(picture.channels.map((image) => encodeBitPng(image)))
    : Promise.all(picture.channels.map((samples) => encodeGrayPng(height, width, samples)));
}

function encodeOutcome(outcome: Outcome): object {
  switch (outcome.kind) {
    case "images": {
      const [first] = outcome.images;
      if (first === undefined) throw new InternalError("an outcome without images");
      const channels = outcome.images.map((image) => packedHex(image));
      return { kind: "images", height: first.height, width: first.width, channels };
    }
    case "bits":
      return { kind: "bits", bits: outcome.bits.join("") };
    case "scores":
      return { kind: "scores", class: outcome.class, scores: outcome.scores };
    default:
      return unreachable(outcome);
  }
}

function packedHex(image: BitImage): string {
  const bytes = Buffer.alloc(4 * image.words.length);
  for (const [index, word] of image.words.entries()) bytes.writeUInt32LE(word, 4 * index);
  return bytes.toString("hex");
}

/**
 * The fixtures beside an artifact.
 * @throws DiagnosticError BMN0101, BMN0103, BMN0601 … BMN0605, BMN0701
 */
export async function readFixtures(directory: string, name: string, need: PictureNeed): Promise<readonly Fixture[]> {
  const path = join(directory, fixturesFile(name));
  const text = Buffer.from(readFile(path, MAXIMUM_FIXTURES_BYTES)).toString("utf8");
  const listed = withSource(path, () => decodeCases(text));
  const fixtures: Fixture[] = [];
  for (const { files, outcome } of listed) {
    const paths = files.map((file) => join(directory, fixturesFolder(name), file));
    const rasters = await Promise.all(paths.map(async (file) => decodePicture(readFile(file, MAXIMUM_PICTURE_BYTES))));
    const picture = withSource(paths.join("+"), () => fitPicture(rasters, need, null));
    fixtures.push({ name: files.join("+"), picture, outcome });
  }
  return fixtures;
}

interface ListedCase {
  readonly files: readonly string[];
  readonly outcome: Outcome;
}

function decodeCases(text: string): readonly ListedCase[] {
  const list = parseJson(text, "BMN0701");
  list.field("format").oneOf([FORMAT]);
  list.field("version").oneOf([VERSION]);
  return list
    .field("cases")
    .array(10_000)
    .map((entry) => ({
      files: entry
        .field("files")
        .array(4096)
        .map((file) => file.matching(/^[A-Za-z0-9_-]{1,64}\.png$/, "a PNG file beside this one")),
      outcome: decodeOutcome(entry.field("outcome")),
    }));
}

function decodeOutcome(reader: JsonReader): Outcome {
  const kind = reader.field("kind").oneOf(["images", "bits", "scores"]);
  switch (kind) {
    case "images": {
      const height = reader.field("height").integer(0, MAXIMUM_SIDE);
      const width = reader.field("width").integer(0, MAXIMUM_SIDE);
      const channels = reader.field("channels").array(4096);
      return { kind, images: channels.map((channel) => decodePacked(channel, height, width)) };
    }
    case "bits":
      return {
        kind,
        bits: Uint8Array.from(reader.field("bits").matching(/^[01]*$/, "digits 0 and 1"), Number),
      };
    case "scores": {
      const scores = reader.field("scores").array(2 ** 20);
      return {
        kind,
        class: reader.field("class").integer(0, 2 ** 20),
        scores: scores.map((score) => BigInt(score.matching(/^-?\d{1,5000}$/, "a decimal integer"))),
      };
    }
    default:
      return unreachable(kind);
  }
}

function decodePacked(reader: JsonReader, height: number, width: number): BitImage {
  const hex = reader.matching(/^[0-9a-f]*$/, "hexadecimal digits");
  const digits = 8 * Math.ceil(width / 32) * height;
  // Compared before the image is made: a short text must not reserve a large picture.
  if (hex.length !== digits) reader.refuse(`expected ${digits} digits, got ${hex.length}`);
  const image = createBitImage(height, width);
  const bytes = Buffer.from(hex, "hex");
  for (let index = 0; index < image.words.length; index++) image.words[index] = bytes.readUInt32LE(4 * index);
  return image;
}

/** Whether an artifact says that it has fixtures. */
export function hasFixtures(files: readonly { readonly path: string }[], name: string): boolean {
  return files.some((file) => file.path === fixturesFile(name));
}
