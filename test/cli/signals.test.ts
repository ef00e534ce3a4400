/** Signals while something is open or being written; the process's end is only recorded. */
import { afterEach, expect, test, vi } from "vitest";
import { holdingSignals, withOpened } from "../../src/cli/signals.js";

afterEach(() => {
  vi.restoreAllMocks();
});

function recordExit(events: string[]): void {
  vi.spyOn(process, "exit").mockImplementation((status) => {
    events.push(`exit ${status}`);
    return undefined as never;
  });
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

test("what is open is closed before the process ends", async () => {
  const events: string[] = [];
  recordExit(events);
  const before = process.listenerCount("SIGINT");
  const open = async (): Promise<{ close(): Promise<void> }> => {
    await settle();
    return {
      close: async () => {
        events.push("closed");
      },
    };
  };
  await withOpened(open, async () => {
    process.emit("SIGINT");
    await settle();
    expect(events).toEqual(["closed", "exit 130"]);
  });
  process.removeAllListeners("SIGINT");
  expect(before).toBe(process.listenerCount("SIGINT"));
});

test("a signal while it is being opened waits for that", async () => {
  const events: string[] = [];
  recordExit(events);
  const opened = withOpened(
    async () => {
      await settle();
      process.emit("SIGTERM");
      await settle();
      events.push("opened");
      return {
        close: async () => {
          events.push("closed");
        },
      };
    },
    async () => settle(),
  );
  await opened;
  expect(events.slice(0, 3)).toEqual(["opened", "closed", "exit 143"]);
  process.removeAllListeners("SIGTERM");
});

test("without a signal nothing remains, after success and after failure", async () => {
  const counts = (): number[] => ["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => process.listenerCount(signal));
  const before = counts();
  const events: string[] = [];
  const open = async (): Promise<{ close(): Promise<void> }> => ({
    close: async () => {
      events.push("closed");
    },
  });
  expect(await holdingSignals(() => 7)).toBe(7);
  expect(await withOpened(open, async () => 8)).toBe(8);
  await expect(withOpened(open, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(events).toEqual(["closed", "closed"]);
  expect(counts()).toEqual(before);
});
