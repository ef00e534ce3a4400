/** How opening a device went. */
export type Attempt =
  | {
      readonly opened: true;
      /** What computes, for the user: `wasm (SIMD)`. */
      readonly text: string;
      /** Where it is less than was asked for, and why. */
      readonly reservation?: string;
    }
  | {
      readonly opened: false;
      /** `the package @tensorflow/tfjs-node is not installed` */
      readonly reason: string;
      /** The command that mends it; null where none is known. */
      readonly remedy: string | null;
    };

export function notInstalled(packages: readonly string[], missing: string): Attempt {
  return {
    opened: false,
    reason: `the package ${unversioned(missing)} is not installed`,
    remedy: installCommand(packages),
  };
}

export function failed(packages: readonly string[], what: string, error: unknown): Attempt {
  const message = error instanceof Error ? error.message : String(error);
  const [line = ""] = message.trim().split("\n");
  return { opened: false, reason: `${what}: ${line}`, remedy: installCommand(packages) };
}

function installCommand(packages: readonly string[]): string | null {
  return packages.length === 0 ? null : `npm install ${packages.join(" ")}`;
}

function unversioned(name: string): string {
  return name.replace(/(?<=.)@.*$/u, "");
}
