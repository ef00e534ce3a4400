/** What the command and its workers say to each other; structured clones. */
import type { PreparedNetwork } from "../network.js";
import type { AnswerChoice, PictureAnswer } from "./answer-pictures.js";

/** What a worker knows from the start. */
export interface PictureWorkerData {
  readonly network: PreparedNetwork;
  readonly choice: AnswerChoice;
}

/** Pictures to answer in one turn. */
export interface PictureTask {
  readonly paths: readonly string[];
  /** Standard input, if one of the pictures is there: threads have none. */
  readonly stdin: Uint8Array | null;
}

export type PictureReply = readonly PictureAnswer[];
