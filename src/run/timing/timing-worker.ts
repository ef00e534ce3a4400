/** A thread that holds the contenders of Node: it answers once, then times slices when it is asked. */
import { guard } from "../run-js.js";
import { serveTasks } from "../serve-tasks.js";
import {
  type NodeArtifact,
  type NodeContender,
  openNodeContenders,
  type TimedCall,
  timeCalls,
  warmUp,
} from "./node-contenders.js";

/** What the thread knows from the start; a structured clone. */
export interface TimingWorkerData {
  readonly artifacts: readonly NodeArtifact[];
  readonly call: TimedCall;
  readonly warmUpMilliseconds: number;
}

/** Answers come first: words of each contender, then in every slice nanoseconds per call. */
export type TimingTask = "answer" | "warm-up" | "slice";
export type TimingReply = readonly Uint32Array[] | readonly number[];

serveTasks(async (data) => {
  // Whoever starts this thread sends nothing else.
  const { artifacts, call, warmUpMilliseconds } = data as TimingWorkerData;
  const contenders = await openNodeContenders(artifacts, call);
  const calls = contenders.map(() => 1);
  return async (task) => {
    switch (task as TimingTask) {
      case "answer":
        return { answer: await answersOf(contenders), transfer: [] };
      case "warm-up":
        contenders.forEach((contender, index) => {
          calls[index] = warmUp(contender, warmUpMilliseconds);
        });
        return { answer: calls, transfer: [] };
      case "slice":
        return { answer: contenders.map((contender, index) => timeCalls(contender, calls[index] ?? 1)), transfer: [] };
    }
  };
});

async function answersOf(contenders: readonly NodeContender[]): Promise<Uint32Array[]> {
  return Promise.all(contenders.map((contender) => guard(contender.label, async () => contender.answer())));
}
