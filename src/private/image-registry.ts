/** Where an image comes from, as far as its name tells. */
export type ImageRegistry =
  | { readonly kind: 'ecr'; readonly region: string }
  | { readonly kind: 'internet'; readonly host: string };

const ECR = /^\d{12}\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com|amazonaws\.com\.cn|on\.aws|on\.amazonwebservices\.com\.cn)\//;

/**
 * The registry of an image: a private registry of Amazon ECR, or a host on the internet.
 *
 * A first part without dot and colon that is not `localhost` is no host: then Docker means its own registry.
 *
 * @see https://github.com/distribution/reference/blob/main/normalize.go
 */
export function registryOf(imageName: string): ImageRegistry {
  const ecr = ECR.exec(imageName);
  if (ecr !== null) return { kind: 'ecr', region: ecr[1] };
  const [first, ...others] = imageName.split('/');
  const isHost = others.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return { kind: 'internet', host: isHost ? first : 'docker.io' };
}
