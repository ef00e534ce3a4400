/** The tasks that have a recipe. */
import { MORPHOLOGICAL_OPERATORS, type MorphologicalOperator } from "../../morph/operators.js";
import { classesRecipe, pairsRecipe } from "./folders.js";
import { denseRecipe, erosionsRecipe } from "./mnist.js";
import { noisySticksRecipe } from "./noisy-sticks.js";
import { operatorRecipe } from "./operators.js";
import type { Recipe } from "./recipe.js";

/** Names on the command line. */
export const TASKS = [
  ...MORPHOLOGICAL_OPERATORS,
  "noisy-sticks",
  "mnist",
  "mnist-erosions",
  "pairs",
  "classes",
] as const;

export type Task = (typeof TASKS)[number];

/** Tasks that learn from a folder. */
export const FOLDER_TASKS: ReadonlySet<Task> = new Set(["mnist", "mnist-erosions", "pairs", "classes"]);

export function isOperator(task: Task): task is MorphologicalOperator {
  return (MORPHOLOGICAL_OPERATORS as readonly string[]).includes(task);
}

export interface RecipeOptions {
  /** Of operators: as `namedElement` reads it. */
  readonly element: string;
  /** Of the tasks that learn from a folder. */
  readonly folder: string;
  /** Of `classes`: what the folder holds. */
  readonly classes: number;
}

/** @throws DiagnosticError BMN0801 for an element that is unknown */
export function recipeFor(task: Task, { element, folder, classes }: RecipeOptions): Recipe {
  if (isOperator(task)) return operatorRecipe(task, element);
  switch (task) {
    case "noisy-sticks":
      return noisySticksRecipe();
    case "mnist":
      return denseRecipe(folder);
    case "mnist-erosions":
      return erosionsRecipe(folder);
    case "pairs":
      return pairsRecipe(folder);
    case "classes":
      return classesRecipe(folder, classes);
  }
}
