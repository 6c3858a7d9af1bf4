/** The codes of the command line. */
export const cliCodes = {
  CLI_ARGUMENTS_INVALID: 'A command, option or argument is not one that the command line knows.',
  CLI_FILE_UNREADABLE: 'A file or folder named on the command line cannot be read.',
  CLI_FILE_UNWRITABLE: 'A file named on the command line cannot be written.',
  CLI_INPUT_INVALID: 'What was given to send is not NDJSON, a JSON array, a JSON object or gzip of these.',
  CLI_OIDC_FAILED: 'GitHub gives no OIDC token to this job.',
  CLI_RUNTIME_ANSWER_INVALID: 'What answers at the URL is not a Margay runtime.',
  CLI_RUNTIME_UNREACHABLE: 'No runtime answers at the URL.',
} as const;
