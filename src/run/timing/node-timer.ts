/** The contenders of Node in a thread of their own, so that this one can be interrupted while they run. */
import { openWorkerPool } from "../worker-pool.js";
import type { Timer } from "./c-harness.js";
import { type NodeArtifact, nodeLabels, type TimedCall } from "./node-contenders.js";
import type { TimingReply, TimingTask } from "./timing-worker.js";

export interface NodeTimer extends Timer {
  /**
   * Of every contender in order; see answer.ts. Empty for what answers nothing. Slices are of the last call.
   * @throws DiagnosticError BMN0703 if generated code fails
   */
  answer(call: TimedCall): Promise<readonly Uint32Array[]>;
  /** Runs each contender so long, before the first slice: until the engine has compiled what it runs often. */
  warmUp(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

/** Beside this file when the package is built; in the sources, a file of that name starts the TypeScript one. */
const TIMING_WORKER = new URL("./timing-worker.js", import.meta.url);

export function openNodeTimer(artifacts: readonly NodeArtifact[]): NodeTimer {
  const pool = openWorkerPool<TimingTask, TimingReply>(TIMING_WORKER, 1, artifacts);
  const ask = async (task: TimingTask): Promise<TimingReply> => {
    const [reply = []] = await pool.answerAll([task], () => undefined);
    return reply;
  };
  return {
    labels: nodeLabels(artifacts),
    answer: async (call) => (await ask({ kind: "answer", call })) as readonly Uint32Array[],
    warmUp: async (milliseconds) => {
      await ask({ kind: "warm-up", milliseconds });
    },
    slice: async () => (await ask({ kind: "slice" })) as readonly number[],
    close: async () => pool.close(),
  };
}
