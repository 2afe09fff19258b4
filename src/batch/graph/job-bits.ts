/* eslint-disable no-bitwise -- a set of jobs is the bits of a few numbers: what is done with whole sets is done 32 jobs at a time */

/** A set of jobs, of which each is a number from 0 on. */
export type JobBits = Int32Array;

export function noJobs(count: number): JobBits {
  return new Int32Array((count + 31) >>> 5);
}

export function bitsOf(jobs: number[], count: number): JobBits {
  const bits = noJobs(count);
  for (const job of jobs) add(bits, job);
  return bits;
}

export function add(bits: JobBits, job: number): void {
  bits[job >>> 5] |= 1 << job;
}

export function remove(bits: JobBits, job: number): void {
  bits[job >>> 5] &= ~(1 << job);
}

export function has(bits: JobBits, job: number): boolean {
  return (bits[job >>> 5] & (1 << job)) !== 0;
}

export function addAll(bits: JobBits, others: JobBits): void {
  for (let word = 0; word < bits.length; word++) bits[word] |= others[word];
}

/** How many jobs two sets have in common. */
export function countCommon(one: JobBits, other: JobBits): number {
  let count = 0;
  for (let word = 0; word < one.length; word++) count += ones(one[word] & other[word]);
  return count;
}

/** Takes jobs out of `from` that are in `row` (or that are not, for `isIn` false), and appends them to `to`. */
export function move(from: JobBits, row: JobBits, isIn: boolean, to: number[]): void {
  const flip = isIn ? 0 : -1;
  for (let word = 0; word < from.length; word++) {
    let found = from[word] & (row[word] ^ flip);
    from[word] ^= found;
    while (found !== 0) {
      to.push((word << 5) + lowest(found));
      found &= found - 1;
    }
  }
}

/** Lowers the values of the jobs that are in `among` and not in `row`. */
export function lowerOthers(values: Int32Array, amount: number, among: JobBits, row: JobBits): void {
  for (let word = 0; word < among.length; word++) {
    let found = among[word] & ~row[word];
    while (found !== 0) {
      values[(word << 5) + lowest(found)] -= amount;
      found &= found - 1;
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
