/** Public sets of pictures in the form of MNIST, and where to get them. */

/** One of the four files of a set, compressed by gzip. */
export interface KnownFile {
  readonly name: string;
  /** Of the array inside. */
  readonly dimensions: readonly number[];
  /** Of the compressed file at the source, in bytes; other places may have it compressed in another way. */
  readonly bytes: number;
  readonly checksum: Checksum;
}

/** SHA-256 of the IDX file without compression, or the MD5 that the set's authors or its users publish for the `.gz`. */
export type Checksum =
  | { readonly of: "content"; readonly sha256: string }
  | { readonly of: "file"; readonly md5: string };

export interface KnownSet {
  /** On the command line. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly licence: string;
  /** Page of the set's authors. */
  readonly page: string;
  /** Folder that the files are fetched from. */
  readonly source: string;
  readonly files: readonly KnownFile[];
}

type PartFile = readonly [bytes: number, checksum: Checksum];

/** Training pictures, training labels, test pictures, test labels: 60,000 and 10,000 of 28×28 bytes in ten classes. */
function filesOf(...[pictures, labels, testPictures, testLabels]: readonly [PartFile, PartFile, PartFile, PartFile]) {
  const file = (name: string, dimensions: readonly number[], [bytes, checksum]: PartFile): KnownFile => {
    return { name, dimensions, bytes, checksum };
  };
  return [
    file("train-images-idx3-ubyte.gz", [60000, 28, 28], pictures),
    file("train-labels-idx1-ubyte.gz", [60000], labels),
    file("t10k-images-idx3-ubyte.gz", [10000, 28, 28], testPictures),
    file("t10k-labels-idx1-ubyte.gz", [10000], testLabels),
  ];
}

const content = (sha256: string): Checksum => ({ of: "content", sha256 });
const compressed = (md5: string): Checksum => ({ of: "file", md5 });

export const KNOWN_SETS: readonly KnownSet[] = [
  {
    name: "mnist",
    title: "MNIST",
    about: "handwritten digits",
    licence: "CC BY-SA 3.0",
    page: "http://yann.lecun.com/exdb/mnist/",
    source: "https://storage.googleapis.com/cvdf-datasets/mnist/",
    files: filesOf(
      [9912422, content("ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db")],
      [28881, content("65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5")],
      [1648877, content("0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7")],
      [4542, content("ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")],
    ),
  },
  {
    name: "fashion-mnist",
    title: "Fashion-MNIST",
    about: "clothes",
    licence: "MIT",
    page: "https://github.com/zalandoresearch/fashion-mnist",
    source: "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    files: filesOf(
      [26421880, compressed("8d4fb7e6c68d591d4c3dfef9ec88bf0d")],
      [29515, compressed("25c81989df183df01b3e8a0aad5dffbe")],
      [4422102, compressed("bef4ecab320f06d8554ea6380940ec79")],
      [5148, compressed("bb300cfdad3c16e7a12a480ee83cd310")],
    ),
  },
  {
    name: "kmnist",
    title: "Kuzushiji-MNIST",
    about: "cursive Japanese characters",
    licence: "CC BY-SA 4.0",
    page: "https://github.com/rois-codh/kmnist",
    source: "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
    files: filesOf(
      [18165135, compressed("bdb82020997e1d708af4cf47b453dcf7")],
      [29497, compressed("e144d726b3acfaa3e44228e80efcd344")],
      [3041136, compressed("5c965bf0a639b31b8f53240b1b52f4d7")],
      [5120, compressed("7320c461ea6c1c855c0b718fb2a4b134")],
    ),
  },
];

/** Bytes to download for a whole set. */
export function downloadSize({ files }: KnownSet): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
