/** How many threads share the pictures, and which pictures each is handed at a time. */
import { availableParallelism } from "node:os";
import { UsageError } from "../context.js";

const MOST_JOBS = 256;

/** With fewer pictures a thread takes longer to start than to answer them, as a rule. */
const LEAST_PICTURES_PER_AUTOMATIC_JOB = 8;

/** Turns that every thread takes: many enough that all end at about the same time. */
const TURNS = 8;

/** Bounds what a turn of many pictures holds. */
const MOST_PICTURES_PER_TURN = 256;

/** Vectors are computed for so many pictures at once, whether there are as many or not: the bits of a word. */
const LEAST_SAMPLES_PER_TURN = 32;

/** Number of threads for `--jobs`, given the number of pictures. @throws UsageError */
export function parseJobs(text: string, pictures: number): number {
  if (text === "auto") {
    return Math.max(Math.min(availableParallelism(), Math.floor(pictures / LEAST_PICTURES_PER_AUTOMATIC_JOB)), 1);
  }
  const jobs = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (jobs < 1 || jobs > MOST_JOBS) {
    throw new UsageError(`--jobs ${text}: expected auto or an integer from 1 to ${MOST_JOBS}`);
  }
  return jobs;
}

/** Groups of neighbours, in order, that are handed to one thread at a time. */
export function shareOut<T>(items: readonly T[], jobs: number, answersImages: boolean): readonly (readonly T[])[] {
  const least = answersImages ? 1 : LEAST_SAMPLES_PER_TURN;
  const fair = Math.ceil(items.length / (jobs * TURNS));
  const length = Math.min(Math.max(fair, least), MOST_PICTURES_PER_TURN);
  return Array.from({ length: Math.ceil(items.length / length) }, (_, turn) =>
    items.slice(turn * length, (turn + 1) * length),
  );
}
