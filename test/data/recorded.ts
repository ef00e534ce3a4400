/** The recorded test pictures of the trained reference networks, which are not part of the repository. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GOLDEN_FOLDER } from "../golden/golden-networks.js";

export interface RecordedTask {
  readonly network: string;
  /** `morphological operator on diskorect images`, `noisy sticks denoising`. */
  readonly kind: string;
  readonly operator: string;
  readonly element: string;
  readonly height: number;
  readonly width: number;
  /** One array of 0 and 1, row-major, per picture. */
  readonly inputs: readonly Uint8Array[];
  readonly targets: readonly Uint8Array[];
}

const FILE = join(GOLDEN_FOLDER, "nets_trained.json");

export const HAS_RECORDED = existsSync(FILE);

/** Those of the tasks whose answer is a picture. */
export function recordedTasks(): RecordedTask[] {
  const { nets } = JSON.parse(readFileSync(FILE, "utf8")) as { nets: Recorded[] };
  return nets
    .filter(({ test }) => test.targets_bits !== undefined)
    .map(({ name, task, test }) => {
      const [, height, width] = test.shape;
      const unpack = (text: string): Uint8Array[] => unpackPictures(text, test.n, height * width);
      return {
        network: name,
        kind: task.kind,
        operator: task.operator ?? "",
        element: task.structuring_element ?? "",
        height,
        width,
        inputs: unpack(test.inputs_bits),
        targets: unpack(test.targets_bits ?? ""),
      };
    });
}

interface Recorded {
  readonly name: string;
  readonly task: { readonly kind: string; readonly operator?: string; readonly structuring_element?: string };
  readonly test: {
    readonly n: number;
    readonly shape: readonly [number, number, number];
    readonly inputs_bits: string;
    readonly targets_bits?: string;
  };
}

/** Base64 of bits, the most significant bit of a byte first. */
function unpackPictures(text: string, count: number, pixels: number): Uint8Array[] {
  const bytes = Buffer.from(text, "base64");
  const bit = (index: number): number => ((bytes[index >> 3] ?? 0) >> (7 - (index & 7))) & 1;
  return Array.from({ length: count }, (_, picture) =>
    Uint8Array.from({ length: pixels }, (__, pixel) => bit(picture * pixels + pixel)),
  );
}
