/** One program with all the C contenders of a case: generated code of several targets, the byte loop, and any others. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../src/compile.js";
import type { Offset } from "../src/morph/structuring-element.js";
import { findPreset } from "../src/target/presets.js";
import type { WordProgram } from "../src/word/node.js";
import type { BenchCase } from "./cases.js";

export interface CTarget {
  readonly label: string;
  readonly target: string;
  readonly flags: readonly string[];
}

const C_TARGETS: readonly (CTarget & { readonly needs: string | null })[] = [
  { label: "c-scalar", target: "c-scalar", flags: [], needs: null },
  { label: "c", target: "c", flags: [], needs: null },
  { label: "c-avx2", target: "c-avx2", flags: ["-mavx2"], needs: "avx2" },
  { label: "c-avx512", target: "c-avx512", flags: ["-mavx512bw", "-mavx512vl", "-mavx512vbmi2"], needs: "avx512_vbmi2" },
];

/** Those that this machine can run. */
export function cTargets(): readonly CTarget[] {
  const cpu = cpuFlags();
  return C_TARGETS.filter(({ needs }) => needs === null || cpu.has(needs));
}

function cpuFlags(): Set<string> {
  try {
    const line = /^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"));
    return new Set(line?.[1]?.trim().split(" "));
  } catch {
    return new Set();
  }
}

export const BYTE_LOOP = "byte loop";
const BYTE_LOOP_O3 = "byte loop, -O3 -march=native";

export interface CProgram {
  readonly executable: string;
  /** In the order of the program's answers; the byte loops come first. */
  readonly labels: readonly string[];
  /** Of the contenders that see other pixels beyond the frame: how far from the edge their answers differ. */
  readonly margins: ReadonlyMap<string, number>;
}

/** A contender besides generated code and byte loops, by its C functions; see harness.h. */
export interface Peer {
  readonly label: string;
  readonly run: string;
  readonly prepare: string | null;
  readonly finish: string | null;
  readonly isBytes: boolean;
  /** Rows and columns next to the edge that are not compared, as its border condition is another; Infinity for all. */
  readonly margin: number;
}

export interface Peers {
  /** C text that declares or defines the functions and all that their objects expect. */
  readonly source: string;
  readonly contenders: readonly Peer[];
  readonly objects: readonly string[];
  readonly linkerFlags: readonly string[];
}

/** Label of a target, and the name that its functions begin with. */
export interface NamedTarget {
  readonly label: string;
  readonly name: string;
}

/** Compiles what peers need into `folder`. */
export type BuildPeers = (folder: string, targets: readonly NamedTarget[]) => Peers;

const NO_PEERS: Peers = { source: "", contenders: [], objects: [], linkerFlags: [] };

/** Compiles a case for every target into `folder`. */
export async function buildCProgram(
  each: BenchCase,
  folder: string,
  buildPeers: BuildPeers = () => NO_PEERS,
): Promise<CProgram> {
  const objects: string[] = [];
  const gcc = (name: string, source: string, flags: readonly string[]): void => {
    const object = join(folder, `${name}.o`);
    const include = ["-I", folder, "-I", import.meta.dirname];
    execFileSync("gcc", ["-std=c99", ...flags, ...include, "-c", "-o", object, source], { stdio: "inherit" });
    objects.push(object);
  };
  const loops = each.erosion === null ? [] : [BYTE_LOOP, BYTE_LOOP_O3];
  if (loops.length > 0) {
    const source = join(import.meta.dirname, "byte-loop.c");
    const renamed = ["-DBYTE_LOOP_SQUARE3=byte_loop_square3_o3", "-DBYTE_LOOP_ELEMENT=byte_loop_element_o3"];
    gcc("byte_loop", source, ["-O2"]);
    gcc("byte_loop_o3", source, ["-O3", "-march=native", ...renamed]);
  }
  const programs: WordProgram[] = [];
  for (const { target: targetName, flags } of cTargets()) {
    const target = findPreset(targetName);
    if (target === null) throw new Error(`no target ${targetName}`);
    // Every target's functions need a name of their own.
    const model = { ...each.model, name: `bench_${targetName.replaceAll("-", "_")}` };
    const { program, artifacts } = await compile(model, { target, policy: "auto", modelSha256: "0".repeat(64) });
    for (const { path, content } of artifacts) writeFileSync(join(folder, path), content);
    gcc(model.name, join(folder, `${model.name}.c`), ["-O2", ...flags]);
    programs.push(program);
  }
  const targets = cTargets().map(({ label }, index) => ({ label, name: programs[index]?.name ?? "" }));
  const peers = buildPeers(folder, targets);
  const list = join(folder, "contenders.c");
  writeFileSync(list, printContenders(programs, each.erosion, peers));
  gcc("contenders", list, ["-O2"]);
  gcc("harness", join(import.meta.dirname, "harness.c"), ["-O2"]);
  const executable = join(folder, "harness");
  execFileSync("gcc", ["-o", executable, ...objects, ...peers.objects, ...peers.linkerFlags], { stdio: "inherit" });
  return {
    executable,
    labels: [...loops, ...targets.map(({ label }) => label), ...peers.contenders.map(({ label }) => label)],
    margins: new Map(peers.contenders.map(({ label, margin }) => [label, margin])),
  };
}

/** The C source that harness.h asks for. */
function printContenders(programs: readonly WordProgram[], erosion: readonly Offset[] | null, peers: Peers): string {
  const [first] = programs;
  if (first === undefined) throw new Error("no targets");
  const isImage = first.interface.kind === "images";
  const extent = isImage ? "height, width" : "count";
  const size = ({ name }: WordProgram, macro: string): string => `${name.toUpperCase()}_${macro}(${extent})`;
  const call = ({ name }: WordProgram): string =>
    isImage
      ? `${name}_run(job->input, job->height, job->width, job->words, job->scratch)`
      : `${name}_run(job->input, job->count, job->words, job->scores, job->scratch)`;
  const run = (name: string, statement: string): string[] => [
    `static void call_${name}(const struct job *job)`,
    "{",
    `    ${statement};`,
    "}",
    "",
  ];
  const getter = (name: string, parameters: readonly string[], value: string): string[] => [
    `size_t ${name}(${parameters.map((parameter) => `size_t ${parameter}`).join(", ")})`,
    "{",
    ...parameters.map((parameter) => `    (void)${parameter};`),
    `    return ${value};`,
    "}",
    "",
  ];
  const loops = erosion === null ? [] : byteLoopCalls(erosion);
  const scratch = programs.map(
    (program, index) => `index == ${index + loops.length} ? ${size(program, "SCRATCH_WORDS")} : `,
  );
  const entries = [
    ...loops.map(({ name }) => `{"${name}", call_${name}, 1, NULL, NULL}`),
    ...programs.map(({ name }) => `{"${name}", call_${name}, 0, NULL, NULL}`),
    ...peers.contenders.map(
      (peer) =>
        `{"${peer.label}", ${peer.run}, ${peer.isBytes ? 1 : 0}, ${peer.prepare ?? "NULL"}, ${peer.finish ?? "NULL"}}`,
    ),
  ];
  const lines = [
    '#include "byte-loop.h"',
    '#include "harness.h"',
    ...programs.map(({ name }) => `#include "${name}.h"`),
    "",
    "void byte_loop_square3_o3(const uint8_t *, size_t, size_t, uint8_t *);",
    "void byte_loop_element_o3(const uint8_t *, size_t, size_t, const struct byte_offset *, size_t, size_t, uint8_t *);",
    "",
    `static const struct byte_offset offsets[] = {${(erosion ?? [{ row: 0, column: 0 }]).map(({ row, column }) => `{${row}, ${column}}`).join(", ")}};`,
    "",
    ...loops.flatMap(({ name, statement }) => run(name, statement)),
    ...programs.flatMap((program) => run(program.name, call(program))),
    peers.source,
    `const struct contender contenders[] = {${entries.join(", ")}};`,
    `const size_t contender_count = ${entries.length};`,
    "",
    ...getter("input_words", ["height", "width", "count"], size(first, "INPUT_WORDS")),
    ...getter("output_words", ["height", "width", "count"], isImage ? size(first, "OUTPUT_WORDS") : "count"),
    ...getter("score_limbs", ["count"], isImage ? "0 * count" : size(first, "SCORE_LIMBS")),
    ...getter("scratch_words", ["index", "height", "width", "count"], `${scratch.join("")}0`),
    "/* Some programs have no use for it. */",
    "extern const struct byte_offset *const unused_offsets;",
    "const struct byte_offset *const unused_offsets = offsets;",
  ];
  return `${lines.join("\n")}\n`;
}

function byteLoopCalls(erosion: readonly Offset[]): { readonly name: string; readonly statement: string }[] {
  const radius = Math.max(...erosion.flatMap(({ row, column }) => [Math.abs(row), Math.abs(column)]));
  const isSquare = erosion.length === 9 && radius === 1;
  return ["", "_o3"].map((suffix) => ({
    name: `byte_loop${suffix}`,
    statement: isSquare
      ? `byte_loop_square3${suffix}(job->pixels, job->height, job->width, job->bytes)`
      : `byte_loop_element${suffix}(job->pixels, job->height, job->width, offsets, ${erosion.length}, ${radius}, job->bytes)`,
  }));
}
