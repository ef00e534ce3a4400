/** One training: a network, its optimiser and its place in the schedule, advanced step by step. */
import * as tf from "@tensorflow/tfjs";
import type { SampleSet, SampleSplits } from "../data/sample-set.js";
import { fail, InternalError } from "../diagnostics.js";
import type { InputDescription, Layer } from "../model/types.js";
import { activatedShare } from "./activated-share.js";
import { Adam } from "./adam.js";
import { Batches, readSamples } from "./batches.js";
import type { NetworkConfig, Phase, TrainingConfig } from "./config.js";
import { describeInput } from "./describe-input.js";
import { evaluateNetwork, type Scores } from "./evaluation.js";
import { inputSignal, targetTensor } from "./input.js";
import { Network } from "./network.js";
import { lossOf } from "./objective.js";
import type { Look, Start, TrainingState } from "./progress.js";
import { regularisation } from "./regularisation/regularisation.js";
import { allHardened, type Schedule, type Setting, settingAt, withRealOutput } from "./schedule.js";
import { inScope } from "./scope.js";
import { decideAfterLook } from "./stopping.js";

/** Pixels of the samples on which layers measure the mean of what they read before their first parameters are drawn. */
const SAMPLE_PIXELS = 2 ** 19;

/** Named arrays of a state that can be returned to. */
export type Parameters = ReadonlyMap<string, Float32Array>;

export class Trainer {
  readonly config: TrainingConfig;
  readonly networkConfig: NetworkConfig;
  readonly input: InputDescription;
  readonly network: Network;
  readonly optimizer = new Adam();
  readonly #splits: SampleSplits;
  readonly #schedule: Schedule;
  readonly #batches: Batches;
  state: TrainingState;
  looks: Look[] = [];
  /** Parameters at the best look. */
  best: Parameters | null = null;

  /** @throws DiagnosticError BMN0903 when the layers do not fit one another */
  constructor(config: TrainingConfig, splits: SampleSplits, start: Start) {
    this.config = config;
    this.networkConfig = networkOf(config, start);
    this.input = describeInput(this.networkConfig, splits.training);
    this.#splits = splits;
    this.#schedule = { layers: this.networkConfig.layers, phases: config.training.phases };
    const { batchSize, shift } = config.training;
    this.#batches = new Batches(splits.training, batchSize, config.seed, shift);
    this.state = { ...FIRST_STATE, start };
    this.network = inScope(() => {
      const { shape, count: available } = splits.training;
      const wanted = Math.ceil(SAMPLE_PIXELS / (shape.height * shape.width));
      const count = Math.min(wanted, available ?? wanted);
      const sample = readSamples(splits.training, [...Array(count).keys()]);
      const signal = inputSignal(this.input, splits.training.shape, sample);
      return new Network(this.networkConfig, signal, settingAt(this.#schedule, 0, 0), start.seed);
    });
  }

  get done(): boolean {
    return this.state.phase >= this.config.training.phases.length;
  }

  /** The setting of the next step, or after the last one. */
  get setting(): Setting {
    return this.done ? this.#finalSetting : settingAt(this.#schedule, this.state.phase, this.state.phaseStep);
  }

  /**
   * One step of the optimiser; returns the loss before it.
   * @throws DiagnosticError BMN0904 when the loss is not finite any more
   */
  step(): number {
    const { state, setting } = this;
    const variables = this.network.trainedVariables(setting).map(({ variable }) => variable);
    const loss = tf.tidy(() => {
      const batch = this.#batches.read(state.step);
      const signal = inputSignal(this.input, this.#splits.training.shape, batch);
      const targets = targetTensor(this.#splits.training.shape, batch);
      const objective = (): tf.Scalar => {
        const answers = this.network.forward(signal, withRealOutput(setting)).values;
        return this.#withRegularisation(lossOf(this.config.training.loss, targets, answers), setting);
      };
      // Nothing is trained in a phase that just hardens.
      if (variables.length === 0) return objective().dataSync()[0] ?? Number.NaN;
      const { value, grads } = tf.variableGrads(objective, variables);
      const gradients = variables.map((variable) => grads[variable.name]);
      const rate = setting.learningRate * state.rateFactor;
      this.optimizer.apply(variables, gradients, rate);
      if (setting.shrink > 0) this.network.shrink(setting, setting.shrink * rate);
      return value.dataSync()[0] ?? Number.NaN;
    });
    if (!Number.isFinite(loss)) {
      fail("BMN0904", `the loss is ${loss} at step ${state.step}`, {
        hint: "lower the learning rate or the sharpness",
      });
    }
    this.state = { ...this.state, lossSum: state.lossSum + loss, lossCount: state.lossCount + 1 };
    this.#advance();
    return loss;
  }

  #withRegularisation(loss: tf.Scalar, setting: Setting): tf.Scalar {
    const { regularisation: wanted } = this.config.training;
    if (wanted === null || this.state.step < wanted.delay) return loss;
    const banks = this.network.layers.flatMap((layer, index) =>
      layer.banks
        .filter((bank) => bank.config.form === "threshold" && this.networkConfig.layers[index]?.kind !== "readout")
        .map((bank) => bank.effective(setting.layers[index]?.grid ?? null)),
    );
    return tf.add(loss, tf.mul(regularisation(wanted.kind, banks), wanted.weight));
  }

  #advance(): void {
    const { state } = this;
    this.state = { ...state, step: state.step + 1, phaseStep: state.phaseStep + 1 };
    if (this.state.phaseStep >= this.#phase(state.phase).steps) this.endPhase();
  }

  /** Goes on to the next phase, whose gradients may be of another size: their running means begin anew. */
  endPhase(): void {
    this.optimizer.reset();
    const { phase, phaseStep, step, start, best, lossSum, lossCount } = this.state;
    const soft = this.state.soft ?? this.#softScores(phase, phaseStep);
    this.state = { ...FIRST_STATE, start, step, best, soft, lossSum, lossCount, phase: phase + 1 };
  }

  /** Scores on the test set where the next phase is the first that hardens, or there is none that does. */
  #softScores(phase: number, phaseStep: number): Scores | null {
    const hardens = (index: number): boolean =>
      index >= this.config.training.phases.length || this.#phase(index).harden.length > 0;
    if (!hardens(phase + 1)) return null;
    return this.scoresOn(this.#splits.test, settingAt(this.#schedule, phase, phaseStep));
  }

  /** Whether it is time for {@link look}: now and then, and at the end of each phase. */
  get lookIsDue(): boolean {
    const { phaseStep } = this.state;
    return phaseStep === 0 || phaseStep % this.config.training.evaluateEvery === 0;
  }

  /** Scores of the network as it is. */
  scoresOn(set: SampleSet, setting: Setting): Scores {
    const hardened = allHardened(this.networkConfig.layers, setting);
    return evaluateNetwork(
      { network: this.network, input: this.input, loss: this.config.training.loss, setting, hardened },
      set,
    );
  }

  /** Looks at the validation set; lowers the learning rate or ends the phase where the configuration says so. */
  look(): Look {
    const { lossSum, lossCount } = this.state;
    const ended = this.state.phaseStep === 0 && this.state.phase > 0;
    const phase = ended ? this.state.phase - 1 : this.state.phase;
    const phaseStep = ended ? this.#phase(phase).steps : this.state.phaseStep;
    const setting = settingAt(this.#schedule, phase, phaseStep);
    const scores = this.scoresOn(this.#splits.validation, setting);
    const look: Look = {
      step: this.state.step,
      phase: this.#phase(phase).name,
      trainingLoss: lossCount === 0 ? scores.loss : lossSum / lossCount,
      ...scores,
      activated: activatedShare(this.network, this.networkConfig.layers, setting),
      learningRate: setting.learningRate * this.state.rateFactor,
    };
    this.state = { ...this.state, lossSum: 0, lossCount: 0 };
    this.looks.push(look);
    if (this.#hasFinalGrids(setting)) this.#keepIfBest(look, phase, phaseStep);
    if (!ended) this.#decide(look);
    return look;
  }

  #decide(look: Look): void {
    const decision = decideAfterLook(this.state, look.loss, this.config.training);
    this.state = decision.state;
    if (decision.endPhase) this.endPhase();
  }

  /** Bits of a network whose weights are yet to be put on a grid say nothing about the final one. */
  #hasFinalGrids(setting: Setting): boolean {
    return this.#finalSetting.layers.every(({ grid }, index) => grid === setting.layers[index]?.grid);
  }

  /** Of equally good networks the later one, which has been trained longer. */
  #keepIfBest({ bits }: Look, phase: number, phaseStep: number): void {
    const { best } = this.state;
    if (best !== null && bits < best.bits) return;
    this.state = { ...this.state, best: { phase, phaseStep, bits } };
    this.best = new Map(
      this.network.variables.map(({ name, variable }) => [name, Float32Array.from(variable.dataSync())]),
    );
  }

  /** Returns to the best look; the setting, hardened as the last phase is, is that of the trained network. */
  settle(): Setting {
    const { best } = this.state;
    if (this.best === null || best === null) return this.#finalSetting;
    this.assign(this.best);
    const { layers, ...rest } = settingAt(this.#schedule, best.phase, best.phaseStep);
    const final = this.#finalSetting.layers;
    return { ...rest, layers: layers.map((layer, index) => ({ ...layer, hardened: final[index]?.hardened ?? false })) };
  }

  toModel(setting: Setting): readonly Layer[] {
    return this.network.toModel(setting);
  }

  /** Sets the parameters of the network. */
  assign(parameters: Parameters): void {
    tf.tidy(() => {
      for (const { name, variable } of this.network.variables) {
        const values = parameters.get(name);
        if (values === undefined) throw new InternalError(`no parameters for ${name}`);
        variable.assign(tf.tensor(values, variable.shape));
      }
    });
  }

  get #finalSetting(): Setting {
    const last = this.config.training.phases.length - 1;
    return settingAt(this.#schedule, last, this.#phase(last).steps);
  }

  #phase(index: number): Phase {
    const phase = this.config.training.phases[index];
    if (phase === undefined) throw new InternalError(`no phase ${index}`);
    return phase;
  }

  dispose(): void {
    this.network.dispose();
    this.optimizer.reset();
  }
}

/** @throws InternalError when there is no such network, of which checkpoints are checked before */
function networkOf(config: TrainingConfig, { network }: Start): NetworkConfig {
  const found = config.networks[network];
  if (found === undefined) throw new InternalError(`no network ${network}`);
  return found;
}

const FIRST_STATE: Omit<TrainingState, "start"> = {
  phase: 0,
  phaseStep: 0,
  step: 0,
  rateFactor: 1,
  leastLoss: Number.MAX_VALUE,
  looksSince: 0,
  looksOnPlateau: 0,
  lossSum: 0,
  lossCount: 0,
  soft: null,
  best: null,
};
