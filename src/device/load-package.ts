/** Imports a package by name; null if it is not installed. */
export type PackageLoader = (name: string) => Promise<unknown>;

const NOT_FOUND_CODES = new Set(["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"]);

/**
 * The name is a variable, so that the type checker does not ask for packages that a user may leave out.
 * @throws whatever an installed package throws while it loads
 */
export const loadPackage: PackageLoader = async (name) => {
  try {
    return (await import(name)) as unknown;
  } catch (error) {
    if (isMissing(error, name)) return null;
    throw error;
  }
};

/** A package that is there but lacks a dependency of its own is broken, not missing. */
function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return NOT_FOUND_CODES.has(String(error.code)) && error.message.includes(`'${name}'`);
}
