/** Ctrl-C and its kin while there is something to finish or to clean up. */

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Runs `action` with the signals that end a process held back: one that arrives waits until synchronous work is done,
 * then `cleanUp` runs and the process exits. Elsewhere a signal ends the process at once.
 */
export async function holdingSignals<T>(
  action: () => Promise<T> | T,
  cleanUp: () => Promise<void> = noWork,
): Promise<T> {
  const handlers = Object.entries(SIGNALS).map(([signal, status]) => {
    const handler = (): void => {
      // A second signal does not wait for the cleaning up.
      process.once(signal, () => process.exit(status));
      void cleanUp().finally(() => process.exit(status));
    };
    process.once(signal, handler);
    return { signal, handler };
  });
  try {
    const result = await action();
    // Lets a signal that arrived meanwhile reach its handler.
    await new Promise((resolve) => setImmediate(resolve));
    return result;
  } finally {
    for (const { signal, handler } of handlers) process.removeListener(signal, handler);
  }
}

async function noWork(): Promise<void> {}

/** Opens something, uses it, and closes it, also when a signal ends the process meanwhile. */
export async function withOpened<T extends { close(): Promise<void> }, R>(
  open: () => Promise<T>,
  action: (opened: T) => Promise<R>,
): Promise<R> {
  let opening: Promise<T> | null = null;
  return holdingSignals(
    async () => {
      opening = open();
      const opened = await opening;
      try {
        return await action(opened);
      } finally {
        await opened.close();
      }
    },
    // What cannot be opened has nothing to close.
    async () => opening?.then(async (opened) => opened.close()).catch(() => undefined),
  );
}
