/** What one trigger changes in the runs that it starts. */
export interface TaskRunOptions {
  /**
   * What the main container runs instead of its usual command. It goes to the entry point of the image.
   *
   * @default - the task's own command
   */
  readonly command?: string[];

  /**
   * Environment variables of the main container beside those of the task. They are no place for secrets: the task has these.
   *
   * @default - those of the task alone
   */
  readonly environment?: { [name: string]: string };
}
