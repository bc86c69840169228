/**
 * Every code that an osrun error can carry, with the exit status that it leads to.
 *
 * Exit statuses: 1 wrong usage or configuration, 2 recipe invalid, 3 could not ask, 4 an expectation was
 * not met, 5 authentication or catalog failed, 6 passed but cleaning up failed, 130 interrupted.
 */
export const errorCodes = {
  USAGE_INVALID: { exit: 1, summary: 'A flag, argument or input on the command line is wrong.' },
  INPUT_UNKNOWN: { exit: 1, summary: 'An input was given that the recipe does not declare.' },
  INPUT_MISSING: { exit: 1, summary: 'A required input has no value.' },
  INPUT_INVALID: { exit: 1, summary: 'An input has a value that its schema refuses.' },
  CLOUD_MISSING: { exit: 1, summary: 'No cloud is configured.' },
  CLOUD_UNKNOWN: { exit: 1, summary: 'The named cloud is in no clouds.yaml.' },
  CLOUD_INCOMPLETE: { exit: 1, summary: 'The cloud lacks a value that its authentication needs.' },
  CLOUD_INVALID: { exit: 1, summary: 'A value of the cloud cannot be used.' },
  REGION_UNKNOWN: { exit: 1, summary: 'The region is not among those that clouds.yaml lists for the cloud.' },
  OPENRC_INVALID: { exit: 1, summary: 'The openrc file has a line that is no assignment.' },
  CLOUDS_FILE_INVALID: {
    exit: 1,
    summary: 'A clouds.yaml, secure.yaml or clouds-public.yaml cannot be read.',
  },
  EXPORT_IMPOSSIBLE: {
    exit: 1,
    summary: 'The recipe has something that the format of the export cannot say.',
  },
  FILE_UNREADABLE: { exit: 1, summary: 'A file that was named cannot be read.' },
  FILE_UNWRITABLE: { exit: 1, summary: 'A file that was named cannot be written.' },
  RECIPE_UNREADABLE: { exit: 2, summary: 'The recipe file cannot be read.' },
  RECIPE_SYNTAX: { exit: 2, summary: 'The recipe is not well-formed YAML.' },
  RECIPE_INVALID: { exit: 2, summary: 'The recipe does not follow the language.' },
  TEMPLATE_INVALID: { exit: 2, summary: 'A `${...}` is not well formed.' },
  NAME_UNKNOWN: { exit: 2, summary: 'A `${...}` reads a name that nothing has set at that point.' },
  EXPECTATION_INVALID: { exit: 2, summary: 'An expectation is no scalar, list or JSON Schema.' },
  DNS_FAILED: { exit: 3, summary: "The host's name has no address." },
  CONNECTION_REFUSED: { exit: 3, summary: 'Nothing listens at that address.' },
  CONNECTION_LOST: { exit: 3, summary: 'The connection broke before the answer was complete.' },
  TLS_FAILED: { exit: 3, summary: "The server's certificate is not trusted, or the handshake failed." },
  TIMED_OUT: { exit: 3, summary: 'The time-out passed before the answer was complete.' },
  RESPONSE_INVALID: { exit: 3, summary: 'The server sent something that is not HTTP.' },
  URL_INVALID: { exit: 3, summary: 'A request has a URL or a header that cannot be sent.' },
  VALUE_MISSING: { exit: 3, summary: 'A `${...}` has no value when its step runs.' },
  TOO_MANY_REDIRECTS: { exit: 3, summary: 'The server redirects in a circle.' },
  DEADLINE_PASSED: { exit: 3, summary: 'The deadline of the run passed.' },
  INTERNAL: { exit: 3, summary: 'A fault of osrun itself.' },
  STATUS_UNEXPECTED: { exit: 4, summary: 'The answer has another status than the step expects.' },
  EXPECTATION_FAILED: { exit: 4, summary: 'The answer differs from what the recipe expects.' },
  CAPTURE_FAILED: { exit: 4, summary: 'There is nothing in the answer where a capture looks.' },
  AUTH_FAILED: { exit: 5, summary: 'Keystone refused to give a token.' },
  AUTH_ANSWER_INVALID: { exit: 5, summary: "Keystone's answer holds no usable token." },
  IDENTITY_NOT_FOUND: { exit: 5, summary: 'There is no Keystone v3 at the authentication URL.' },
  CATALOG_EMPTY: { exit: 5, summary: 'The token has no service catalog.' },
  ENDPOINT_NOT_FOUND: { exit: 5, summary: 'No endpoint of the catalog fits.' },
  CLEANUP_FAILED: { exit: 6, summary: 'A deferred step or a revocation failed.' },
  INTERRUPTED: { exit: 130, summary: 'The run was interrupted by a signal.' },
} as const satisfies Record<string, { readonly exit: number; readonly summary: string }>

/** The code of an osrun error: stable, fit for a `switch`. */
export type ErrorCode = keyof typeof errorCodes
