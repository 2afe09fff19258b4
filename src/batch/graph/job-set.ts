/* eslint-disable no-bitwise -- a set of jobs is the bits of a few numbers: what is done with whole sets is done 32 jobs at a time */

/** A set of jobs, of which each is a number from 0 on. */
export class JobSet {
  public static of(jobs: number[], capacity: number): JobSet {
    const set = new JobSet(capacity);
    for (const job of jobs) set.add(job);
    return set;
  }

  private readonly words: Int32Array;

  constructor(capacity: number | Int32Array) {
    this.words = typeof capacity === 'number' ? new Int32Array((capacity + 31) >>> 5) : capacity;
  }

  public copy(): JobSet {
    return new JobSet(this.words.slice());
  }

  public has(job: number): boolean {
    return (this.words[job >>> 5] & (1 << job)) !== 0;
  }

  public add(job: number): void {
    this.words[job >>> 5] |= 1 << job;
  }

  public remove(job: number): void {
    this.words[job >>> 5] &= ~(1 << job);
  }

  public addAll({ words }: JobSet): void {
    for (let index = 0; index < words.length; index++) this.words[index] |= words[index];
  }

  public countCommon({ words }: JobSet): number {
    let count = 0;
    for (let index = 0; index < words.length; index++) count += ones(this.words[index] & words[index]);
    return count;
  }

  /** Takes out the jobs that the other set has, or with `isIn` false those that it has not, and appends them to a list. */
  public move({ words }: JobSet, isIn: boolean, to: number[]): void {
    const flip = isIn ? 0 : -1;
    for (let index = 0; index < words.length; index++) {
      let found = this.words[index] & (words[index] ^ flip);
      this.words[index] ^= found;
      for (; found !== 0; found &= found - 1) to.push((index << 5) + lowest(found));
    }
  }

  /** Lowers a value of each job of this set that the other has not. */
  public lowerOthers({ words }: JobSet, values: Int32Array, amount: number): void {
    for (let index = 0; index < words.length; index++) {
      let found = this.words[index] & ~words[index];
      for (; found !== 0; found &= found - 1) values[(index << 5) + lowest(found)] -= amount;
    }
  }
}

/** How many bits of a number are set. */
export function ones(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Which bit of a number is the lowest that is set. */
export function lowest(word: number): number {
  return 31 - Math.clz32(word & -word);
}
