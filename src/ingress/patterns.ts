/** The patterns of listener rules: `*` stands for any characters, `?` for one. Pure text. */

/** The one form of all patterns that match the same: `?**?` is `??*`. */
export function canonical(pattern: string): string {
  return pattern.replace(/[*?]*\*[*?]*/g, (run) => `${run.replace(/\*/g, '')}*`);
}

export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?');
}

export function wildcardsIn(pattern: string): number {
  return pattern.replace(/[^*?]/g, '').length;
}

/** What stands before the first wildcard. */
export function fixedStart(pattern: string): string {
  return pattern.slice(0, firstWildcard(pattern));
}

/** What stands behind the last wildcard. */
export function fixedEnd(pattern: string): string {
  return pattern.slice(Math.max(pattern.lastIndexOf('*'), pattern.lastIndexOf('?')) + 1);
}

/** The length of the pattern where it has none. */
function firstWildcard(pattern: string): number {
  const star = pattern.indexOf('*');
  const mark = pattern.indexOf('?');
  if (star < 0) return mark < 0 ? pattern.length : mark;
  return mark < 0 ? star : Math.min(star, mark);
}

/** Whether there is a text that both patterns match. What stands fixed at the ends of both decides most pairs. */
export function patternsMeet(one: string, other: string): boolean {
  if (one === other || one === '*' || other === '*') return true;
  const start = Math.min(fixedStart(one).length, fixedStart(other).length);
  const end = Math.min(fixedEnd(one).length, fixedEnd(other).length);
  if (one.slice(0, start) !== other.slice(0, start) || one.slice(one.length - end) !== other.slice(other.length - end)) return false;
  if (!hasWildcard(one)) return matches(other, one);
  if (!hasWildcard(other)) return matches(one, other);
  return walkTogether(one.slice(start, one.length - end), other.slice(start, other.length - end));
}

/** Walks through both patterns at once, taking from each wildcard whatever the other one needs: which beginnings of the other meet each of the one. */
function walkTogether(one: string, other: string): boolean {
  let row = [true];
  for (let j = 1; j <= other.length; j++) row[j] = row[j - 1] && other[j - 1] === '*';
  for (const letter of one) {
    const next = [row[0] && letter === '*'];
    for (let j = 1; j <= other.length; j++) {
      const facing = other[j - 1];
      next[j] = letter === '*' || facing === '*'
        ? row[j] || next[j - 1] || row[j - 1]
        : row[j - 1] && (letter === facing || letter === '?' || facing === '?');
    }
    row = next;
  }
  return row[other.length];
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
