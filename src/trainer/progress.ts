/** Where a training stands, and what was seen on the way. */

import type { Scores } from "./evaluation.js";

/** What a training begins from; the trials choose one. */
export interface Start {
  /** Index in the configuration's networks. */
  readonly network: number;
  /** Of the first weights. */
  readonly seed: number;
}

/** How far the trials have come. */
export interface TrialState {
  readonly done: number;
  readonly best: { readonly start: Start; readonly loss: number } | null;
}

/** Everything but the tensors that decides how a training goes on. */
export interface TrainingState {
  readonly start: Start;
  /** Index in the list of phases; its length when all are done. */
  readonly phase: number;
  /** Steps done in the phase. */
  readonly phaseStep: number;
  /** Steps done in all. */
  readonly step: number;
  /** Factor of the learning rate, lowered on plateaus. */
  readonly rateFactor: number;
  /** Lowest validation loss of this phase, and how many looks ago it was seen. */
  readonly leastLoss: number;
  readonly looksSince: number;
  /** Looks since the learning rate fell or the loss improved. */
  readonly looksOnPlateau: number;
  /** Of the training losses since the last look. */
  readonly lossSum: number;
  readonly lossCount: number;
  /** On the test set, before the first layer was hardened; told, never used. */
  readonly soft: Scores | null;
  /** The look at which the network did best when cut to bits, among those that have the final grids. */
  readonly best: { readonly phase: number; readonly phaseStep: number; readonly bits: number } | null;
}

/** One look at the validation set. */
export interface Look {
  readonly step: number;
  readonly phase: string;
  /** Mean loss of the training steps since the last look. */
  readonly trainingLoss: number;
  /** On the validation set. */
  readonly loss: number;
  readonly float: number;
  readonly bits: number;
  /** Share of neurons that are erosions, dilations, unions or intersections. */
  readonly activated: number;
  readonly learningRate: number;
}
