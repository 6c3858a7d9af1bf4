/** Why a regular expression is refused, and where. Caught by the `re` modifier, which knows the place in the file. */
export class RegexError extends Error {
  override readonly name = 'RegexError';
  readonly code: 'MATCH_REGEX_INVALID' | 'MATCH_REGEX_UNSUPPORTED' | 'MATCH_REGEX_TOO_LARGE';
  readonly offset: number;
  readonly hint: string | undefined;

  constructor(code: RegexError['code'], offset: number, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.offset = offset;
    this.hint = hint;
  }
}
