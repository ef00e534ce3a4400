/**
 * Public interface of the trainer, `bimonnc/train`. It loads TensorFlow.js; the compiler in `bimonnc` does not. Nothing
 * here touches files or the console but {@link openDevice}, which loads a backend.
 */

export { createClassSet, type LabelledPictures } from "./data/class-set.js";
export type * from "./data/description.js";
export { createDiskorect, DISKORECT_DEFAULTS, type DiskorectOptions } from "./data/diskorect.js";
export type { DrawnFrom, SplitName } from "./data/drawn.js";
export { createNoisySticks, NOISY_STICKS_DEFAULTS, type NoisySticksOptions } from "./data/noisy-sticks.js";
export { createOperatorSet, type OperatorChoice } from "./data/operator-set.js";
export { createCropSet, createPairSet, type PicturePairs } from "./data/picture-pairs.js";
export type { SampleSet, SampleShape, SampleSplits, SampleTarget } from "./data/sample-set.js";
export { DEVICE_CHOICES, type Device, type DeviceChoice, openDevice } from "./device/device.js";
export { type Checkpoint, checkpointConfig, decodeCheckpoint, encodeCheckpoint } from "./trainer/checkpoint.js";
export type * from "./trainer/config.js";
export { decodeConfig } from "./trainer/decode-config.js";
export type { Scores } from "./trainer/evaluation.js";
export { accuracy, diceMetric } from "./trainer/losses.js";
export type { Look, Start, TrainingState } from "./trainer/progress.js";
export type { Recipe } from "./trainer/recipes/recipe.js";
export { FOLDER_TASKS, type RecipeOptions, recipeFor, TASKS, type Task } from "./trainer/recipes/recipes.js";
export { type TrainedNetwork, type TrainOptions, type TrainOutcome, train } from "./trainer/train.js";
