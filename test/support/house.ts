/** Reads source files as an architect does: what each one imports, and which habits of the house it breaks. */
import { ts } from "ts-morph";

/** A file of `src`: its path there and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Import {
  /** As written, for instance `../ir/node.js` or `binaryen`. */
  readonly specifier: string;
  /** `import type`, or only types between the braces, so that nothing is loaded. */
  readonly typeOnly: boolean;
  /** `import(…)`. */
  readonly dynamic: boolean;
  /** Names between the braces. */
  readonly names: readonly string[];
}

export interface Reading {
  readonly imports: readonly Import[];
  /** Names of the outside world that the file uses: `process`, `console`. */
  readonly globals: readonly string[];
  /** Ways around the type checker: `any`, `!`, `@ts-…` comments. */
  readonly escapes: readonly string[];
}

const { SyntaxKind } = ts;
const GLOBALS = new Set(["process", "console"]);

export function readSource(file: SourceFile): Reading {
  const root = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2022, true);
  const imports: Import[] = [];
  const globals = new Set<string>();
  const escapes = new Set<string>(file.text.match(/@ts-(?:ignore|expect-error|nocheck)/g));
  const visit = (node: ts.Node): void => {
    const found = importOf(node);
    if (found !== null) imports.push(found);
    if (ts.isIdentifier(node) && GLOBALS.has(node.text) && !isMemberName(node)) globals.add(node.text);
    if (node.kind === SyntaxKind.AnyKeyword) escapes.add("any");
    if (ts.isNonNullExpression(node)) escapes.add("!");
    ts.forEachChild(node, visit);
  };
  visit(root);
  return { imports, globals: [...globals], escapes: [...escapes] };
}

function importOf(node: ts.Node): Import | null {
  if (ts.isImportDeclaration(node)) {
    const clause = node.importClause;
    const named = clause?.namedBindings;
    const elements = named !== undefined && ts.isNamedImports(named) ? [...named.elements] : [];
    const typesInBraces =
      elements.length > 0 && clause?.name === undefined && elements.every((each) => each.isTypeOnly);
    return {
      specifier: textOf(node.moduleSpecifier),
      typeOnly: clause?.isTypeOnly === true || typesInBraces,
      dynamic: false,
      names: elements.map((each) => (each.propertyName ?? each.name).text),
    };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return { specifier: textOf(node.moduleSpecifier), typeOnly: node.isTypeOnly, dynamic: false, names: [] };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const names = node.qualifier === undefined ? [] : [node.qualifier.getText()];
    return { specifier: textOf(node.argument.literal), typeOnly: true, dynamic: false, names };
  }
  if (ts.isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) {
    return { specifier: textOf(node.arguments[0]), typeOnly: false, dynamic: true, names: [] };
  }
  return null;
}

/** The text of a literal; empty for anything computed. */
function textOf(node: ts.Node | undefined): string {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : "";
}

/** Whether the identifier names a member (`job.process`, `{ process: 1 }`) and not a variable; `globalThis.process` is one. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return parent.expression.getText() !== "globalThis";
  }
  const declares =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent);
  return declares && parent.name === node;
}
