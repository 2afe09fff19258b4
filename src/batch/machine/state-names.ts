/** AWS refuses longer names. */
const LONGEST_NAME = 80;

/**
 * Names of states, each unique in its machine.
 *
 * A job's own state has its id. All other names have a blank, which no id has, and name the job that they are about; only what is cut off needs a number.
 */
export class StateNames {
  private taken = 0;

  public take(name: string): string {
    this.taken++;
    if (name.length <= LONGEST_NAME) return name;
    const suffix = ` ... (${this.taken})`;
    return name.slice(0, LONGEST_NAME - suffix.length) + suffix;
  }
}
