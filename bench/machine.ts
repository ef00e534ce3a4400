/** What the numbers were measured on. */
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly gcc: string;
}

export function describeMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model ?? "unknown CPU",
    cores: all.length,
    node: process.version,
    gcc: execFileSync("gcc", ["--version"], { encoding: "utf8" }).split("\n")[0] ?? "unknown",
  };
}

export function machineText({ cpu, cores, node, gcc }: Machine): string {
  return `${cpu}, ${cores} cores; Node ${node}; ${gcc}`;
}
