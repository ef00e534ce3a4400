/** The schedule at one step: which layers answer bits, which are trained, and how steeply. */
import { unreachable } from "../diagnostics.js";
import type { LayerConfig, Phase, Ramp } from "./config.js";

/** How one layer behaves. */
export interface LayerSetting {
  /** Its neurons answer bits. */
  readonly hardened: boolean;
  /**
   * The neurons that make the layer's output answer real values all the same: in the last layer, where the loss needs to
   * know by how much an answer is wrong.
   */
  readonly realOutput: boolean;
  /** Factor of P. */
  readonly sharpness: number;
  /** Slope of the surrogate gradient in a hardened layer. */
  readonly surrogate: number;
  /** Largest absolute integer weight; null where weights are real. */
  readonly grid: number | null;
  readonly trained: boolean;
}

export interface Setting {
  readonly learningRate: number;
  readonly shrink: number;
  /** One for each layer of the network. */
  readonly layers: readonly LayerSetting[];
}

/** The layers of a network, and the phases that they go through. */
export interface Schedule {
  readonly layers: readonly LayerConfig[];
  readonly phases: readonly Phase[];
}

/** @param step of the phase, 0 … phase.steps (the setting at the end, which is that of the trained network) */
export function settingAt({ layers: configs, phases }: Schedule, phaseIndex: number, step: number): Setting {
  const phase = phases[phaseIndex];
  if (phase === undefined) throw new RangeError(`no phase ${phaseIndex}`);
  const share = phase.steps === 0 ? 1 : step / phase.steps;
  const past = phases.slice(0, phaseIndex + 1);
  const layers = configs.map(
    (layer, index): LayerSetting => ({
      hardened: canHarden(layer) && past.some((each) => each.harden.includes(index)),
      realOutput: false,
      sharpness: rampAt(sharpnessOf(phase, index), share),
      surrogate: rampAt(phase.surrogate, share),
      grid: past.reduce<number | null>((grid, each) => gridOf(each, index) ?? grid, null),
      trained: !phase.freeze.includes(index),
    }),
  );
  return { learningRate: rampAt(phase.learningRate, share), shrink: phase.shrink, layers };
}

/** The same network with all its neurons cut to bits: what the compiler makes of it. */
export function allHardened(configs: readonly LayerConfig[], setting: Setting): Setting {
  const layers = setting.layers.map((layer, index) => {
    const config = configs[index];
    return { ...layer, hardened: config !== undefined && canHarden(config) };
  });
  return { ...setting, layers };
}

/** As the loss reads the network while it is trained. */
export function withRealOutput({ layers, ...rest }: Setting): Setting {
  const last = layers.length - 1;
  return { ...rest, layers: layers.map((layer, index) => ({ ...layer, realOutput: index === last })) };
}

/** Layers of neurons whose values stand for bits. */
export function canHarden(layer: LayerConfig): boolean {
  return layer.kind === "bisel" || layer.kind === "dense-lui";
}

/** @param share of the way, 0 … 1 */
export function rampAt(ramp: Ramp, share: number): number {
  if (typeof ramp === "number") return ramp;
  const { from, to, shape } = ramp;
  switch (shape) {
    case "linear":
      return from + (to - from) * share;
    case "geometric":
      return from * (to / from) ** share;
    case "cosine":
      return to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;
    default:
      return unreachable(shape);
  }
}

export function totalSteps(phases: readonly Phase[]): number {
  return phases.reduce((total, phase) => total + phase.steps, 0);
}

function sharpnessOf(phase: Phase, layer: number): Ramp {
  const { sharpness } = phase;
  return isList(sharpness) ? (sharpness[layer] ?? 1) : sharpness;
}

function isList(sharpness: Phase["sharpness"]): sharpness is readonly Ramp[] {
  return Array.isArray(sharpness);
}

function gridOf(phase: Phase, layer: number): number | null {
  return phase.grid?.layers.includes(layer) === true ? phase.grid.largest : null;
}
