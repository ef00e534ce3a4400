/** A thread that holds the contenders of Node: it answers once, then times slices when it is asked. */
import { unreachable } from "../../diagnostics.js";
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

/** What is asked of the thread; slices are of the call that was last answered. */
export type TimingTask =
  | { readonly kind: "answer"; readonly call: TimedCall }
  | { readonly kind: "warm-up"; readonly milliseconds: number }
  | { readonly kind: "slice" };

/** Words of each contender's answer, or its nanoseconds per call. */
export type TimingReply = readonly Uint32Array[] | readonly number[];

serveTasks(async (data) => {
  // Whoever starts this thread sends nothing else.
  const artifacts = data as readonly NodeArtifact[];
  let contenders: readonly NodeContender[] = [];
  let calls: readonly number[] = [];
  return async (given) => {
    const task = given as TimingTask;
    switch (task.kind) {
      case "answer":
        contenders = await openNodeContenders(artifacts, task.call);
        return { answer: await answersOf(contenders), transfer: [] };
      case "warm-up":
        calls = contenders.map((contender) => warmUp(contender, task.milliseconds));
        return { answer: [], transfer: [] };
      case "slice":
        return { answer: contenders.map((contender, index) => timeCalls(contender, calls[index] ?? 1)), transfer: [] };
      default:
        return unreachable(task);
    }
  };
});

async function answersOf(contenders: readonly NodeContender[]): Promise<Uint32Array[]> {
  return Promise.all(contenders.map((contender) => guard(contender.label, async () => contender.answer())));
}
