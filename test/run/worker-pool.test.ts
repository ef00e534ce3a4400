/** Threads that wait, fail and end as they are told; what the pool makes of them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DiagnosticError } from "../../src/diagnostics.js";
import { openWorkerPool, type WorkerPool } from "../../src/run/worker-pool.js";

/** Waits, then does what it is told; `value` comes back times the factor of the pool, with the buffer it is held in. */
interface Task {
  readonly milliseconds: number;
  readonly act: "answer" | "refuse" | "throw" | "exit";
  readonly value: number;
}

const SERVE = new URL("../../src/run/serve-tasks.ts", import.meta.url);
const DIAGNOSTICS = new URL("../../src/diagnostics.ts", import.meta.url);

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bimonnc-pool-"));
  writeFileSync(
    join(folder, "worker.mjs"),
    `import { appendFileSync } from "node:fs";
     import { setTimeout as wait } from "node:timers/promises";
     import { register } from ${JSON.stringify(import.meta.resolve("tsx/esm/api"))};
     register();
     const { serveTasks } = await import(${JSON.stringify(SERVE.href)});
     const { fail } = await import(${JSON.stringify(DIAGNOSTICS.href)});
     serveTasks(async ({ factor, log }) => {
       if (factor === 0) fail("BMN0703", "cannot be opened");
       return async ({ milliseconds, act, value }) => {
         appendFileSync(log, value + "\\n");
         await wait(milliseconds);
         if (act === "refuse") fail("BMN0602", "refused " + value, { source: "here", hint: "another" });
         if (act === "throw") throw new TypeError("thrown " + value);
         if (act === "exit") process.exit(7);
         const bytes = Uint8Array.of(value * factor);
         return { answer: { bytes, big: 2n ** 70n }, transfer: [bytes.buffer] };
       };
     });`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Answer = { readonly bytes: Uint8Array; readonly big: bigint };

interface Opened {
  readonly pool: WorkerPool<Task, Answer>;
  /** Values of the tasks that were begun. */
  begun(): number[];
}

async function withPool<T>(workers: number, factor: number, action: (opened: Opened) => Promise<T>): Promise<T> {
  const log = join(mkdtempSync(join(folder, "log-")), "begun");
  writeFileSync(log, "");
  const entry = pathToFileURL(join(folder, "worker.mjs"));
  const pool = openWorkerPool<Task, Answer>(entry, workers, { factor, log });
  const begun = (): number[] =>
    readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map(Number);
  try {
    return await action({ pool, begun });
  } finally {
    await pool.close();
  }
}

const tasksOf = (...tasks: [milliseconds: number, act: Task["act"]][]): Task[] =>
  tasks.map(([milliseconds, act], value) => ({ milliseconds, act, value }));

/** The error of the tasks, and which of them were begun. */
async function failureOf(workers: number, tasks: readonly Task[]): Promise<{ error: unknown; begun: number[] }> {
  return withPool(workers, 1, async ({ pool, begun }) => {
    const error = await pool.answerAll(tasks, () => undefined).catch((reason: unknown) => reason);
    return { error, begun: begun() };
  });
}

describe("a pool", () => {
  test("answers in the order of the tasks, whoever is done first", async () => {
    await withPool(3, 10, async ({ pool }) => {
      const tasks = tasksOf([120, "answer"], [60, "answer"], [0, "answer"], [0, "answer"], [20, "answer"]);
      const done: number[] = [];
      const answers = await pool.answerAll(tasks, (index) => done.push(index));
      expect(answers.map(({ bytes }) => [...bytes])).toEqual([[0], [10], [20], [30], [40]]);
      expect(answers.every(({ big }) => big === 2n ** 70n)).toBe(true);
      expect(new Set(done)).toEqual(new Set([0, 1, 2, 3, 4]));
      expect(await pool.answerAll([], () => undefined)).toEqual([]);
    });
  });

  test("fails as one thread would: with the first of the failing tasks, although a later one fails sooner", async () => {
    const tasks = tasksOf([0, "answer"], [300, "refuse"], [0, "throw"], [0, "answer"], [0, "answer"]);
    const { error, begun } = await failureOf(2, tasks);
    expect(error).toBeInstanceOf(DiagnosticError);
    expect((error as DiagnosticError).diagnostics).toEqual([
      { code: "BMN0602", message: "refused 1", source: "here", hint: "another" },
    ]);
    // Nobody begins anything after the failure of task 2.
    expect(new Set(begun)).toEqual(new Set([0, 1, 2]));
  });

  test("keeps message and stack of a bug", async () => {
    const { error } = await failureOf(1, tasksOf([0, "throw"]));
    expect(error).not.toBeInstanceOf(DiagnosticError);
    expect((error as Error).message).toBe("thrown 0");
    expect((error as Error).stack).toMatch(/^TypeError: thrown 0\n.*worker\.mjs/s);
  });

  test("fails when a thread ends by itself, and leaves the others their tasks", async () => {
    const { error, begun } = await failureOf(2, tasksOf([0, "exit"], [200, "answer"], [0, "answer"]));
    expect((error as Error).message).toBe("a worker thread ended with status 7");
    expect(begun).not.toContain(2);
  });

  test("tells every task that its workers cannot be opened", async () => {
    await withPool(2, 0, async ({ pool }) => {
      const answered = pool.answerAll(tasksOf([0, "answer"], [0, "answer"]), () => undefined);
      await expect(answered).rejects.toThrow("BMN0703: cannot be opened");
    });
  });

  test("fails when the entry is no module", async () => {
    const pool = openWorkerPool<number, number>(pathToFileURL(join(folder, "missing.mjs")), 1, null);
    await expect(pool.answerAll([1], () => undefined)).rejects.toThrow("Cannot find module");
    await pool.close();
  });

  test("leaves unanswered what it is closed upon", async () => {
    await withPool(1, 1, async ({ pool, begun }) => {
      const settled: string[] = [];
      void pool
        .answerAll(tasksOf([60_000, "answer"]), () => undefined)
        .then(
          () => settled.push("answered"),
          () => settled.push("failed"),
        );
      while (begun().length === 0) await wait(10);
      await pool.close();
      await wait(20);
      expect(settled).toEqual([]);
    });
  });
});
