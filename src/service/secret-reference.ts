/**
 * What the ARN in a task definition says of the secret that it refers to. No CDK in here; tokens are parts of the text without a colon.
 */
export type SecretReference =
  | { readonly kind: 'secret'; readonly arn: string; readonly match: SecretMatch; readonly names: string[] }
  | { readonly kind: 'parameter'; readonly name: string };

/**
 * Events have the whole ARN, with six random characters behind the name. A reference may have them or not, and `app-config` looks as if it had them, so that
 * the beginning is all that can be compared there; `app-config-2` then counts too, which costs no more than a deployment.
 */
export type SecretMatch = 'exact' | 'prefix' | 'prefix-and-suffix';

/** A whole ARN that is a token, perhaps with a JSON key, a version stage and a version id behind it. */
const TOKEN = /^(\$\{Token\[[^\]]*\]\})(:.*)?$/;

const SUFFIX = /-[A-Za-z0-9]{6}$/;

export function secretReference(valueFrom: string): SecretReference {
  const token = TOKEN.exec(valueFrom);
  // CDK writes out the ARNs of parameters; only those of secrets come as a whole.
  if (token !== null) return { kind: 'secret', arn: token[1], match: 'exact', names: [] };
  const parts = valueFrom.split(':');
  return parts[2] === 'ssm' ? { kind: 'parameter', name: parameterName(parts.slice(5).join(':')) } : writtenSecret(parts);
}

function writtenSecret(parts: string[]): SecretReference {
  const name = parts[6];
  const names = [...new Set([name, name.replace(SUFFIX, '')])];
  return { kind: 'secret', arn: parts.slice(0, 7).join(':'), match: SUFFIX.test(name) ? 'prefix' : 'prefix-and-suffix', names };
}

/** `parameter/key` is the parameter `key`, `parameter/orders/key` the parameter `/orders/key`, and `parameter` before a token the token. */
function parameterName(resource: string): string {
  const path = resource.slice('parameter'.length);
  return path.startsWith('/') && !path.slice(1).includes('/') ? path.slice(1) : path;
}
