/** Sizes that a module may have; larger ones are refused by the parser and by `verify`. */
export const MODULE_LIMITS = {
  /** Channels of the input. */
  channels: 4096,
  /** Rows or columns of a picture. */
  imageSide: 65_535,
  /** 2×2 sub-samplings between the input and an image; one more empties every picture. */
  halvings: 16,
  /** Rows or columns of the window of a structuring element. */
  elementSide: 255,
  /** Rows or columns between a pixel and the farthest one that an operation reads for it. */
  reach: 255,
  /** Elements of a vector. */
  vectorLength: 2 ** 20,
  /** Operands of all nodes together: members, inputs and terms; some 500 MB. */
  operands: 2 ** 23,
  /** Operands of all nodes of a module that is to be compiled, see size.ts: some 50 MB of C. */
  tableEntries: 2 ** 23,
  /** Decimal digits of a weight, bound or bias. */
  integerDigits: 4096,
  /** Characters of a value's name or of an origin's path. */
  nameLength: 255,
  /** Characters of a module's text. */
  textLength: 2 ** 26,
} as const;

/** Powers of two that a double can hold. */
export const EXPONENTS = { least: -1074, greatest: 1023 } as const;

const MODULE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;
const VALUE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/;
const ORIGIN_PATH = /^[!-~]{1,255}$/;

/** Whether `name` is a C identifier of 1 to 63 characters, as a model's name is. */
export function isModuleName(name: string): boolean {
  return MODULE_NAME.test(name);
}

/** Whether `name` is a letter or underscore followed by letters, digits and underscores. */
export function isValueName(name: string): boolean {
  return VALUE_NAME.test(name);
}

/** Whether `path` is printable ASCII without a space, so that it survives as a comment. */
export function isOriginPath(path: string): boolean {
  return ORIGIN_PATH.test(path);
}
