/**
 * What a window reads outside the frame: the nearest pixel of the frame (`replicate`, as the papers' networks do), or 0.
 * The rule belongs to each operation, not to the image.
 */
export type BorderRule = "replicate" | "zeros";
