import { registryOf } from '../../src/private/image-registry';

describe('registryOf', () => {
  test.each([
    ['nginx', 'docker.io'],
    ['nginx:1.29', 'docker.io'],
    ['library/nginx', 'docker.io'],
    ['acme/web@sha256:0123', 'docker.io'],
    ['docker.io/library/nginx', 'docker.io'],
    ['public.ecr.aws/nginx/nginx:1.29', 'public.ecr.aws'],
    ['ghcr.io/acme/web', 'ghcr.io'],
    ['registry:5000/web', 'registry:5000'],
    ['localhost/web', 'localhost'],
    ['123456789012.dkr.ecr.example.com/web', '123456789012.dkr.ecr.example.com'],
    ['evil.com/123456789012.dkr.ecr.us-east-1.amazonaws.com/web', 'evil.com'],
  ])('%s is of %s on the internet', (image, host) => {
    expect(registryOf(image)).toEqual({ kind: 'internet', host });
  });

  test.each([
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1', 'eu-west-1'],
    ['123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/docker-hub/library/nginx', 'us-east-1'],
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/web', 'cn-north-1'],
    ['123456789012.dkr-ecr.us-east-1.on.aws/web', 'us-east-1'],
  ])('%s is of Amazon ECR in %s', (image, region) => {
    expect(registryOf(image)).toEqual({ kind: 'ecr', region });
  });
});
