/** A configuration with most of its defaults left out: what the tasks of the command line stand for. */
export interface Recipe {
  readonly name: string;
  readonly data: object;
  readonly networks: readonly object[];
  readonly training: object;
}
