/** What numbers were measured on, and what that machine can run. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, platform } from "node:os";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  /** First line of what the C compiler says of its version; null without one. */
  readonly compiler: string | null;
}

/** @param compiler path of a C compiler, or null */
export function describeMachine(compiler: string | null): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? "unknown CPU",
    cores: all.length,
    node: process.version,
    compiler: compiler === null ? null : compilerVersion(compiler),
  };
}

function compilerVersion(compiler: string): string {
  try {
    const text = execFileSync(compiler, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return text.split("\n")[0]?.trim() ?? "";
  } catch {
    return `${compiler}, which does not tell its version`;
  }
}

export function machineText({ cpu, cores, node, compiler }: Machine): string {
  const parts = [`${cpu}, ${cores} ${cores === 1 ? "core" : "cores"}`, `Node ${node}`, compiler ?? "no C compiler"];
  return parts.join("; ");
}

/** Extension that generated C of so many lanes asks the compiler for, and the processor has to have; null for none. */
function extensionOf(lanes: number): "avx2" | "avx512f" | null {
  if (lanes <= 4) return null;
  return lanes <= 8 ? "avx2" : "avx512f";
}

/** Parts of AVX-512 that generated C makes use of where they are: the compiler's name, and what Linux calls them. */
const AVX512_PARTS = [
  { flag: "-mavx512bw", extension: "avx512bw" },
  { flag: "-mavx512vl", extension: "avx512vl" },
  { flag: "-mavx512vbmi2", extension: "avx512_vbmi2" },
] as const;

/** Flags for generated C of so many lanes on this machine, besides the optimization's. */
export function vectorFlags(lanes: number): readonly string[] {
  const extension = extensionOf(lanes);
  if (extension === null) return [];
  if (extension === "avx2") return ["-mavx2"];
  const known = processorExtensions();
  return ["-mavx512f", ...AVX512_PARTS.filter((part) => known.has(part.extension)).map(({ flag }) => flag)];
}

/** What this processor lacks for so many lanes; null if nothing. */
export function missingExtension(lanes: number): string | null {
  const extension = extensionOf(lanes);
  return extension === null || processorExtensions().has(extension) ? null : extension;
}

/** As the system tells them; none where it does not. */
function processorExtensions(): ReadonlySet<string> {
  try {
    if (platform() === "darwin") {
      const keys = ["machdep.cpu.features", "machdep.cpu.leaf7_features"];
      return wordsOf(
        execFileSync("sysctl", ["-n", ...keys], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
      );
    }
    return wordsOf(/^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? "");
  } catch {
    return new Set();
  }
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().split(/\s+/));
}
