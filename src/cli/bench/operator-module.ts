/** One operator of mathematical morphology as a network of its own. */
import type { Binarization } from "../../binarize/binarize.js";
import { unreachable } from "../../diagnostics.js";
import { ModuleBuilder } from "../../ir/build.js";
import type { MorphModule, ValueId } from "../../ir/node.js";
import type { BorderRule } from "../../morph/border.js";
import type { MorphologicalOperator } from "../../morph/operators.js";
import type { StructuringElement } from "../../morph/structuring-element.js";

/**
 * A network of one binary channel of any size that answers what `applyOperator` does.
 * @throws DiagnosticError BMN0302 if the element has too many members to be compiled
 */
export function operatorModule(
  operator: MorphologicalOperator,
  element: StructuringElement,
  border: BorderRule,
): MorphModule {
  const builder = new ModuleBuilder("operator", { channels: 1, height: null, width: null, samples: "bits" }, true);
  const input = builder.add({ kind: "input", channel: 0 }, "x");
  const erosion = (of: ValueId): ValueId => builder.add({ kind: "erosion", input: of, element, border }, "eroded");
  const dilation = (of: ValueId): ValueId => builder.add({ kind: "dilation", input: of, element, border }, "dilated");
  const without = (of: ValueId, removed: ValueId): ValueId => {
    const rest = builder.add({ kind: "complement", input: removed }, "rest");
    return builder.add({ kind: "intersection", inputs: [of, rest] }, "difference");
  };
  const result = (): ValueId => {
    switch (operator) {
      case "erosion":
        return erosion(input);
      case "dilation":
        return dilation(input);
      case "opening":
        return dilation(erosion(input));
      case "closing":
        return erosion(dilation(input));
      case "white-tophat":
        return without(input, dilation(erosion(input)));
      case "black-tophat":
        return without(erosion(dilation(input)), input);
      default:
        return unreachable(operator);
    }
  };
  return builder.finish([result()]);
}

/** There are no neurons to report on: the operator is what it says. */
export function operatorBinarization(module: MorphModule): Binarization {
  return { module, report: { policy: "auto", arithmetic: "float32", grade: "exact", layers: [] } };
}
