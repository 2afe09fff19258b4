/** The patterns of listener rules: `*` stands for any characters, `?` for one. Pure text. */

/** The one form of all patterns that match the same: `?**?` is `??*`. */
export function canonical(pattern: string): string {
  return pattern.replace(/[*?]*\*[*?]*/g, (run) => `${run.replace(/\*/g, '')}*`);
}

export function hasWildcard(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

export function wildcardsIn(pattern: string): number {
  return pattern.replace(/[^*?]/g, '').length;
}

/** What stands before the first wildcard. */
export function fixedStart(pattern: string): string {
  return pattern.split(/[*?]/, 1)[0];
}

/** What stands behind the last wildcard. */
export function fixedEnd(pattern: string): string {
  return pattern.slice(pattern.search(/[^*?]*$/));
}

/** Whether there is a text that both patterns match. */
export function patternsMeet(one: string, other: string): boolean {
  if (!hasWildcard(one) && !hasWildcard(other)) return one === other;
  const [start, otherStart] = [fixedStart(one), fixedStart(other)];
  if (!start.startsWith(otherStart) && !otherStart.startsWith(start)) return false; // decides most pairs
  return walkTogether(one, other);
}

/** Walks through both patterns at once, taking from each wildcard whatever the other one needs. */
function walkTogether(one: string, other: string): boolean {
  const seen = new Set<number>();
  const open: [number, number][] = [[0, 0]];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const [i, j] = state;
    if (i === one.length && j === other.length) return true;
    const key = i * (other.length + 1) + j;
    if (seen.has(key)) continue;
    seen.add(key);
    const [a, b] = [one[i], other[j]];
    if (a === '*') open.push([i + 1, j]);
    if (b === '*') open.push([i, j + 1]);
    if (a !== undefined && b !== undefined && (a === b || hasWildcard(a + b))) {
      open.push([a === '*' ? i : i + 1, b === '*' ? j : j + 1]);
    }
  }
  return false;
}

/** A character that no pattern holds: only a wildcard matches it. */
const FOREIGN = '\u0000';

/**
 * Whether the general pattern matches every text that the special one matches.
 *
 * Tries the texts that are hardest to match: a foreign character for each `?`, and for each `*` none or more foreign characters than the general one has
 * places for, in all combinations (a rule has few wildcards).
 */
export function patternCovers(general: string, special: string): boolean {
  if (!hasWildcard(general)) return general === special;
  const pieces = special.replace(/\?/g, FOREIGN).split('*');
  const long = FOREIGN.repeat(general.length + 1);
  for (let choice = 0; choice < 2 ** (pieces.length - 1); choice++) {
    const text = pieces.reduce((joined, piece, index) => joined + (Math.floor(choice / 2 ** (index - 1)) % 2 === 1 ? long : '') + piece);
    if (!matches(general, text)) return false;
  }
  return true;
}

/** Whether a text fits a pattern: on a mismatch the last `*` takes one character more. */
function matches(pattern: string, text: string): boolean {
  let [at, star, resume] = [0, -1, 0];
  for (let position = 0; position < text.length;) {
    if (pattern[at] === '*') {
      [star, resume] = [at++, position];
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[position])) {
      at++;
      position++;
    } else if (star >= 0) {
      [at, position] = [star + 1, ++resume];
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}
