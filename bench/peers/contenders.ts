/** The contenders beside generated code: Leptonica, OpenCV, memcpy, and generated code between bytes and bytes. */
import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { MEMCPY_CONTENDER, MEMCPY_SOURCE } from "../../src/run/timing/c-contenders.js";
import type { BuildPeers, NamedTarget, Peer } from "../c-program.js";
import { type PeerCase, radiusOf } from "./elements.js";
import type { Libraries, Library } from "./libraries.js";

export const OPENCV = "OpenCV";
export const KERNEL = "Leptonica's generated code, -O2";
export const KERNEL_NATIVE = "Leptonica's generated code, -O3 -march=native";

export function bytesLabel(target: string): string {
  return `${target}, from bytes to bytes`;
}

/** Public calls for any element, and those for rectangles alone. */
const PUBLIC_CALLS = [{ label: "pixErode", run: "leptonica_erode" }];
const BRICK_CALLS = [
  { label: "pixErodeBrick", run: "leptonica_erode_brick" },
  { label: "pixErodeCompBrick", run: "leptonica_erode_comp_brick" },
  { label: "pixErodeBrickDwa", run: "leptonica_erode_brick_dwa" },
  { label: "pixErodeCompBrickDwa", run: "leptonica_erode_comp_brick_dwa" },
];
export const PUBLIC_LABELS = [...PUBLIC_CALLS, ...BRICK_CALLS].map(({ label }) => label);

/** What a case is measured with; without libraries, generated code and memcpy alone. */
export function peersOf(each: PeerCase, { leptonica, opencv }: Libraries): BuildPeers {
  return (folder, targets) => {
    // Leptonica's contenders erode once.
    const own = each.operations.length === 1 ? leptonica : null;
    return {
      source: [
        "#include <string.h>",
        '#include "peers/peers.h"',
        ...elementSource(each),
        MEMCPY_SOURCE,
        ...targets.flatMap(({ name }) => bytesSource(name)),
      ].join("\n"),
      contenders: [
        { ...MEMCPY_CONTENDER, margin: Number.POSITIVE_INFINITY },
        ...targets.map(bytesPeer),
        ...(own === null ? [] : leptonicaPeers(each)),
        ...(opencv === null ? [] : [opencvPeer()]),
      ],
      objects: [
        ...(own === null ? [] : buildLeptonica(each, own, folder)),
        ...(opencv === null ? [] : [buildOpencv(opencv, folder)]),
      ],
      linkerFlags: [...(own?.linkerFlags ?? []), ...(opencv?.linkerFlags ?? [])],
    };
  };
}

const WORDS = { kind: "functions", prepare: null, finish: null, isBytes: false, margin: 0 } as const;

function elementSource({ drawing, operations }: PeerCase): string[] {
  const [height, width] = [drawing.length, drawing[0]?.length ?? 0];
  return [
    `const struct element element = {${height}, ${width}, ${height >> 1}, ${width >> 1}, "${drawing.join("")}"};`,
    `const char operations[] = "${operations.map((operation) => operation.charAt(0)).join("")}";`,
  ];
}

/** Packs the pixels, runs, and unpacks, by the functions that the generated header offers. */
function bytesSource(name: string): string[] {
  return [
    `static void prepare_bytes_${name}(struct job *job)`,
    "{",
    "    job->own = reserve(input_words(job->height, job->width, 1), sizeof(uint32_t));",
    "    job->words = reserve(output_words(job->height, job->width, 1), sizeof(uint32_t));",
    `    job->scratch = reserve(${name.toUpperCase()}_SCRATCH_WORDS(job->height, job->width), sizeof(uint32_t));`,
    "}",
    `static void run_bytes_${name}(const struct job *job)`,
    "{",
    `    ${name}_pack(job->pixels, job->height, job->width, job->own);`,
    `    ${name}_run(job->own, job->height, job->width, job->words, job->scratch);`,
    `    ${name}_unpack(job->words, job->height, job->width, job->bytes);`,
    "}",
  ];
}

function bytesPeer({ label, name }: NamedTarget): Peer {
  const functions = { run: `run_bytes_${name}`, prepare: `prepare_bytes_${name}`, finish: null };
  return { kind: "functions", label: bytesLabel(label), ...functions, isBytes: true, margin: 0 };
}

function leptonicaPeers({ drawing }: PeerCase): Peer[] {
  const isBrick = !drawing.join("").includes(".");
  const calls = [...PUBLIC_CALLS, ...(isBrick ? BRICK_CALLS : [])];
  const kernel = { ...WORDS, prepare: "leptonica_kernel_prepare", finish: "leptonica_kernel_finish" };
  return [
    ...calls.map((call) => ({
      ...WORDS,
      ...call,
      prepare: "leptonica_prepare",
      finish: "leptonica_finish",
      margin: radiusOf(drawing),
    })),
    { ...kernel, label: KERNEL, run: "leptonica_kernel" },
    { ...kernel, label: KERNEL_NATIVE, run: "leptonica_kernel_native" },
  ];
}

function opencvPeer(): Peer {
  const functions = { run: "opencv_run", prepare: "opencv_prepare", finish: null };
  return { kind: "functions", label: OPENCV, ...functions, isBytes: true, margin: 0 };
}

const HERE = import.meta.dirname;
/** The harness's header lies in the folder of a case. */
const includeOf = (folder: string): string[] => ["-I", folder, "-I", join(HERE, "..")];

/** Has Leptonica write the code for the element, and compiles it twice. */
function buildLeptonica({ drawing }: PeerCase, library: Library, folder: string): string[] {
  const gcc = (...operands: readonly string[]): void => {
    execFileSync("gcc", ["-std=c99", ...library.compilerFlags, ...includeOf(folder), ...operands], {
      stdio: "inherit",
    });
  };
  const generator = join(folder, "leptonica-generator");
  gcc("-O2", "-o", generator, join(HERE, "leptonica-generator.c"), ...library.linkerFlags);
  copyFileSync(join(HERE, "leptonica-template.txt"), join(folder, "morphtemplate2.txt"));
  const [height, width] = [drawing.length, drawing[0]?.length ?? 0];
  const window = [height, width, height >> 1, width >> 1].map(String);
  execFileSync(generator, [...window, drawing.join("")], { cwd: folder, stdio: "inherit" });
  const generated = join(folder, "fmorphgenlow.0.c");
  const compile = (name: string, source: string, ...flags: readonly string[]): string => {
    const object = join(folder, name);
    gcc(...flags, "-c", "-o", object, source);
    return object;
  };
  return [
    compile("leptonica.o", join(HERE, "leptonica.c"), "-O2"),
    compile("leptonica_o2.o", generated, "-O2"),
    compile("leptonica_o3.o", generated, "-O3", "-march=native", "-Dfmorphopgen_low_0=fmorphopgen_low_native"),
  ];
}

function buildOpencv(library: Library, folder: string): string {
  const object = join(folder, "opencv.o");
  const operands = [
    "-O2",
    ...library.compilerFlags,
    ...includeOf(folder),
    "-c",
    "-o",
    object,
    join(HERE, "opencv.cpp"),
  ];
  execFileSync("g++", operands, { stdio: "inherit" });
  return object;
}
