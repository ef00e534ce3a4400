/** Runs a compiled artifact on pictures; one implementation per backend. */
import type { Outcome, Picture } from "../morph/picture.js";
import type { ImageInterface, SampleInterface } from "../word/node.js";

export interface RunnerOptions {
  /** Folder of the generated files. */
  readonly directory: string;
  /** Model name, the stem of the generated files. */
  readonly name: string;
  readonly interface: ImageInterface | SampleInterface;
}

export interface Runner {
  /** Answers in the order of the pictures. Pictures of a free-sized network may differ in size. */
  run(pictures: readonly Picture[]): Promise<Outcome[]>;
  /** Ends processes and removes temporary files. */
  close(): Promise<void>;
}
