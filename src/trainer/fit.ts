/** Whether a network can be trained on some samples. */
import type { SampleShape, SampleTarget } from "../data/sample-set.js";
import { fail } from "../diagnostics.js";
import type { LayerConfig, NetworkConfig, TrainingConfig, TrainingOptions } from "./config.js";

/** @throws DiagnosticError BMN0903 when the answers of the network are not of the kind or number of the targets */
export function checkFit({ networks, training }: TrainingConfig, shape: SampleShape): void {
  for (const network of networks) {
    checkPooling(network, shape);
    checkNetwork(network, training, shape.target);
  }
}

function checkPooling({ layers }: NetworkConfig, { height, width }: SampleShape): void {
  const halvings = layers.filter(({ kind }) => kind === "max-pool").length;
  if (Math.min(height, width) >= 2 ** halvings) return;
  fail("BMN0903", `max-pooling ${halvings} times leaves nothing of pictures of ${height}×${width} pixels`, {
    path: "network.layers",
  });
}

function checkNetwork(network: NetworkConfig, training: TrainingOptions, target: SampleTarget): void {
  const last = network.layers.at(-1);
  if (target.kind === "images") {
    const channels = channelsAfter(network.layers);
    if (channels !== target.channels) {
      const found = channels === null ? "a vector" : `images of ${channels} channels`;
      fail("BMN0903", `the network answers ${found}, the targets are images of ${target.channels} channels`, {
        path: "network.layers",
      });
    }
    if (network.layers.some(({ kind }) => kind === "max-pool")) {
      fail("BMN0903", "max-pooling makes the answers smaller than the targets", { path: "network.layers" });
    }
    if (training.loss === "cross-entropy") {
      fail("BMN0903", "cross-entropy is for classes", {
        path: "training.loss",
        hint: "binary-cross-entropy is for images",
      });
    }
    return;
  }
  const classes = target.names.length;
  const answers = last?.kind === "readout" ? last.classes : last?.kind === "dense-lui" ? last.features : null;
  if (answers !== classes) {
    fail("BMN0903", `the network answers ${answers ?? "images"}, the samples have ${classes} classes`, {
      path: "network.layers",
      hint: `end with a readout of ${classes} classes`,
    });
  }
  if ((last?.kind === "readout") !== (training.loss === "cross-entropy")) {
    fail("BMN0903", "the scores of a readout go with cross-entropy, and only they do", { path: "training.loss" });
  }
}

/** Output channels of image layers; null after a flatten layer, or where there are none. */
function channelsAfter(layers: readonly LayerConfig[]): number | null {
  const neurons = layers.findLast((layer) => layer.kind !== "max-pool");
  return neurons?.kind === "bisel" ? neurons.channels : null;
}
