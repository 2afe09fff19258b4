/** What the user can do something about: shown as a sentence, without a stack trace. */
export class Problem extends Error {
  /**
   * @param {string} message a sentence
   * @param {{ details?: string }} [options] what a program said about it, shown below the sentence
   */
  constructor(message, { details } = {}) {
    super(message);
    this.name = 'Problem';
    this.details = details;
  }
}

/**
 * What to print for an error: the sentence of a problem, the whole stack of what nobody expected.
 *
 * @param {unknown} error
 */
export function describeProblem(error) {
  if (error instanceof Problem) return [error.message, error.details].filter(Boolean).join('\n\n');
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
