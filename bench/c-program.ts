/** One program with all the C contenders of a case: generated code of several targets, the byte loop, and any others. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../src/compile.js";
import type { Offset } from "../src/morph/structuring-element.js";
import { type CContender, type CFunctions } from "../src/run/timing/c-contenders.js";
import { buildHarness, type CSource } from "../src/run/timing/c-harness.js";
import { HARNESS_HEADER } from "../src/run/timing/harness.js";
import { missingExtension, vectorFlags } from "../src/run/timing/machine.js";
import { findPreset } from "../src/target/presets.js";
import type { Target } from "../src/target/target.js";
import type { BenchCase } from "./cases.js";

export const COMPILER = "gcc";

/** Those that this machine can run. */
export function cTargets(): readonly Target[] {
  return ["c-scalar", "c", "c-avx2", "c-avx512"].map(preset).filter(({ lanes }) => missingExtension(lanes) === null);
}

export function preset(name: string): Target {
  const target = findPreset(name);
  if (target === null) throw new Error(`no target ${name}`);
  return target;
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

/** A contender besides generated code and byte loops. */
export interface Peer extends CFunctions {
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
export type BuildPeers = (folder: string, targets: readonly NamedTarget[]) => Peers | Promise<Peers>;

const NO_PEERS: Peers = { source: "", contenders: [], objects: [], linkerFlags: [] };

/** Compiles a case for every target into `folder`. */
export async function buildCProgram(
  each: BenchCase,
  folder: string,
  buildPeers: BuildPeers = () => NO_PEERS,
): Promise<CProgram> {
  const loops = each.erosion === null ? [] : byteLoops(each.erosion);
  const networks: CContender[] = [];
  const sources: CSource[] = loops.map(({ source }) => source);
  const targets = cTargets();
  for (const target of targets) {
    // Every target's functions need a name of their own.
    const model = { ...each.model, name: `bench_${target.name.replaceAll("-", "_")}` };
    const { program, artifacts } = await compile(model, { target, policy: "auto", modelSha256: "0".repeat(64) });
    for (const { path, content } of artifacts) writeFileSync(join(folder, path), content);
    sources.push({ path: `${model.name}.c`, object: `${model.name}.o`, flags: vectorFlags(target.lanes) });
    networks.push({ kind: "network", label: target.name, name: program.name, contract: program.interface });
  }
  // What peers compile themselves includes it.
  writeFileSync(join(folder, "harness.h"), HARNESS_HEADER);
  const peers = await buildPeers(
    folder,
    targets.map(({ name }) => ({ label: name, name: `bench_${name.replaceAll("-", "_")}` })),
  );
  const contenders = [...loops.map(({ contender }) => contender), ...networks, ...peers.contenders];
  const executable = await buildHarness({
    folder,
    compiler: COMPILER,
    sources,
    contenders,
    source: [each.erosion === null ? "" : byteLoopSource(each.erosion), peers.source].join("\n"),
    includes: ["byte-loop.h"],
    includeFolders: [import.meta.dirname],
    objects: peers.objects,
    linkerFlags: peers.linkerFlags,
  });
  return {
    executable,
    labels: contenders.map(({ label }) => label),
    margins: new Map(peers.contenders.map(({ label, margin }) => [label, margin])),
  };
}

interface ByteLoop {
  readonly contender: CFunctions;
  readonly source: CSource;
}

const BYTE_LOOP_FILE = join(import.meta.dirname, "byte-loop.c");

function byteLoops(erosion: readonly Offset[]): readonly ByteLoop[] {
  const loop = (label: string, name: string, flags: readonly string[]): ByteLoop => ({
    contender: { kind: "functions", label, run: `call_${name}`, prepare: null, finish: null, isBytes: true },
    source: { path: BYTE_LOOP_FILE, object: `${name}.o`, flags },
  });
  const renamed = ["-DBYTE_LOOP_SQUARE3=byte_loop_square3_o3", "-DBYTE_LOOP_ELEMENT=byte_loop_element_o3"];
  return erosion.length === 0
    ? []
    : [loop(BYTE_LOOP, "byte_loop", []), loop(BYTE_LOOP_O3, "byte_loop_o3", ["-O3", "-march=native", ...renamed])];
}

/** C text of the contenders of {@link byteLoops}. */
function byteLoopSource(erosion: readonly Offset[]): string {
  const radius = Math.max(...erosion.flatMap(({ row, column }) => [Math.abs(row), Math.abs(column)]));
  const isSquare = erosion.length === 9 && radius === 1;
  const call = (suffix: string): string =>
    isSquare
      ? `byte_loop_square3${suffix}(job->pixels, job->height, job->width, job->bytes)`
      : `byte_loop_element${suffix}(job->pixels, job->height, job->width, offsets, ${erosion.length}, ${radius}, job->bytes)`;
  const offsets = erosion.map(({ row, column }) => `{${row}, ${column}}`).join(", ");
  return [
    "void byte_loop_square3_o3(const uint8_t *, size_t, size_t, uint8_t *);",
    "void byte_loop_element_o3(const uint8_t *, size_t, size_t, const struct byte_offset *, size_t, size_t, uint8_t *);",
    ...(isSquare ? [] : [`static const struct byte_offset offsets[] = {${offsets}};`]),
    ...["", "_o3"].flatMap((suffix) => [
      `static void call_byte_loop${suffix}(const struct job *job)`,
      "{",
      `    ${call(suffix)};`,
      "}",
    ]),
  ].join("\n");
}
