/** A file of content, and the id its path gives it. */
export interface ContentFile {
  /** Relative to the content root, with `/`. */
  readonly file: string;
  /** The path below its folder, without the ending. */
  readonly id: string;
}
