/**
 * Whether a plain environment variable looks like a secret, judged by its name and its value. No CDK in here.
 *
 * A false alarm costs an acknowledgement, a miss costs a secret; still, what is right almost always must pass without a word.
 */

/** Names of secrets, as whole words: `DB_PASSWORD` and `githubToken`, but not `TOKENIZER`. */
const SECRET_WORDS = /(^|_)(PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET|TOKEN|CREDENTIALS?|API_?KEY|ACCESS_?KEY|SECRET_?KEY|PRIVATE_?KEY|ENCRYPTION_?KEY|SIGNING_?KEY|AUTH_?KEY)$/;

/** Values that begin as the keys of well-known issuers do, and private keys. */
const KNOWN_VALUES = [
  /^A(KIA|SIA)[A-Z0-9]{16}$/, /^gh[pousr]_[A-Za-z0-9]{30,}$/, /^github_pat_/, /^glpat-[\w-]{20}/, /^xox[abposr]-/, /^sk_(live|test)_/, /^sk-[A-Za-z0-9_-]{20,}/,
  /^AIza[\w-]{35}$/, /^npm_[A-Za-z0-9]{36}$/, /^SG\.[\w-]{22}\./, /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/, /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
];

/** A password in a URL: `postgres://app:hunter2@db/orders`. */
const URL_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i;

/** Names of values that are long and random, and public: digests, versions, ids. */
const PUBLIC_NAME = /(^|_)(ID|IDS|SHA\d*|HASH|DIGEST|COMMIT|REVISION|VERSION|CHECKSUM|ETAG|FINGERPRINT|PUBLIC_?KEY|NONCE|ARN|URL|URI|NAME|PATH|FILE)($|_)/;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const HEX = /^[0-9a-f]{32,}$/i;
const BASE64 = /^[A-Za-z0-9+/_-]{20,}={0,2}$/;

/** Bits a character: 32 random hexadecimal digits have about 3.5, 20 random base64 characters about 4. Words joined by dashes have less than 4. */
const HEX_ENTROPY = 3.0;
const BASE64_ENTROPY = 4.0;

/** Why a variable looks like a secret, in a few words; undefined if it does not. */
export function looksLikeSecret(name: string, value: string): string | undefined {
  if (/^(true|false|yes|no|on|off|none|null|\d*)$/i.test(value)) return undefined;
  const words = upperSnake(name);
  if (SECRET_WORDS.test(words)) return 'its name is that of a secret';
  if (wordsOf(value).some((word) => KNOWN_VALUES.some((pattern) => pattern.test(word)))) return 'its value has the form of a key';
  if (URL_WITH_PASSWORD.test(value)) return 'its value is a URL with a password';
  if (PUBLIC_NAME.test(words) || UUID.test(value)) return undefined;
  return isRandom(value) ? 'its value is as random as a key' : undefined;
}

/** The whole, and what is in it, if it is a configuration in YAML, JSON or lines of settings. */
function wordsOf(value: string): string[] {
  return [value, ...value.split(/[\s"',=]+/)];
}

/** Shannon's entropy of the characters of a text, in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - count / text.length * Math.log2(count / text.length), 0);
}

function isRandom(value: string): boolean {
  if (HEX.test(value)) return /\d/.test(value) && /[a-f]/i.test(value) && entropy(value) >= HEX_ENTROPY;
  const mixed = /\d/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value);
  return BASE64.test(value) && mixed && entropy(value) >= BASE64_ENTROPY;
}

function upperSnake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();
}
