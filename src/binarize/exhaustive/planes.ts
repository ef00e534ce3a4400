/** The binary planes that a picture is made of, as far as anything reads them. */
import { levelThreshold } from "../../model/level-sets.js";
import type { InputDescription } from "../../model/types.js";
import { type Graph, type NodeId, plainSum } from "./graph.js";

/** Largest stored byte. */
const BYTE_MAXIMUM = 255;

/** The pixels of a channel that are set, or, with a threshold, whose byte is at least that. */
export interface Plane {
  readonly channel: number;
  /** 1 … 255; null for a binary channel. */
  readonly threshold: number | null;
}

/** Planes in the order in which they were first read; equal planes are one. */
export class Planes {
  readonly #graph: Graph;
  readonly #planes: Plane[] = [];
  readonly #nodes = new Map<string, NodeId>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  get all(): readonly Plane[] {
    return this.#planes;
  }

  /** A level set that holds every byte, or none, is a constant. */
  node(channel: number, threshold: number | null): NodeId {
    const key = `${channel}:${threshold ?? ""}`;
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const node = this.#add(channel, threshold);
    this.#nodes.set(key, node);
    return node;
  }

  #add(channel: number, threshold: number | null): NodeId {
    if (threshold !== null && (threshold <= 0 || threshold > BYTE_MAXIMUM)) {
      return this.#graph.add(() => plainSum([], threshold <= 0 ? 1 : 0, "replicate"));
    }
    const plane = this.#planes.push({ channel, threshold }) - 1;
    return this.#graph.add(() => ({ kind: "plane", plane }));
  }
}

/** The plane that the first layer reads as its input `index`: channels or level sets, then their complements. */
export function inputPlane(input: InputDescription, index: number, planes: Planes, graph: Graph): NodeId {
  const { encoding, channels } = input;
  const own =
    encoding.kind === "binary"
      ? Array.from({ length: channels }, (_, channel) => ({ channel, level: null }))
      : encoding.values.flatMap((levels, channel) => levels.map((_, level) => ({ channel, level })));
  const plane = own[index % own.length] ?? { channel: 0, level: null };
  const threshold =
    encoding.kind === "binary" || plane.level === null ? null : levelThreshold(encoding, plane.channel, plane.level);
  const node = planes.node(plane.channel, threshold);
  return index < own.length ? node : complementOf(node, graph);
}

/** 1 − x inside the frame. */
export function complementOf(node: NodeId, graph: Graph): NodeId {
  return graph.add(() => plainSum([{ node, row: 0, column: 0, weight: -1 }], 1, "replicate"));
}
