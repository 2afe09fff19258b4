import { entropy, looksLikeSecret } from '../../src/task/plain-secret';

const RANDOM = 'q7Zp2vX9Lk4Tn8Rb1Wc6';

describe('a plain variable', () => {
  test.each(['DB_PASSWORD', 'PASSWORD', 'API_KEY', 'APIKEY', 'githubToken', 'STRIPE_SECRET', 'AWS_SECRET_ACCESS_KEY', 'CREDENTIALS', 'JWT_SIGNING_KEY'])(
    'with the name %s looks like a secret', (name) => {
      expect(looksLikeSecret(name, 'hunter2')).toBe('its name is that of a secret');
    });

  test.each([
    ['AKIA' + 'IOSFODNN7EXAMPLE'], ['ghp_' + 'a1B2'.repeat(9)], ['sk_live_' + '4eC39HqLyjWDarjtT1zdp7dc'], ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE'],
  ])('with a value like %s has the form of a key', (value) => {
    expect(looksLikeSecret('SETTING', value)).toBe('its value has the form of a key');
  });

  test.each(['postgres://app:hunter2@db:5432/orders', 'https://:pass@example.com'])('with the value %s has a password in a URL', (value) => {
    expect(looksLikeSecret('DATABASE', value)).toBe('its value is a URL with a password');
  });

  test.each([RANDOM, '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 'dGhpcyBpcyBub3QgYSBzZWNyZXQgNDI='])(
    'with the value %s is as random as a key', (value) => {
      expect(looksLikeSecret('SETTING', value)).toBe('its value is as random as a key');
    });

  test.each([
    ['STAGE', 'prod'], ['TOKEN_TTL', '3600'], ['PASSWORD_FILE', '/run/secrets/db'], ['TOKENIZER', 'cl100k'], ['PASSWORD', ''], ['USE_TOKEN', 'true'], ['TOKEN', '42'],
    ['GIT_SHA', '2fd4e1c67a2d28fced849ee1bb76e7391b93eb12'], ['CLIENT_ID', RANDOM], ['SECRET_ARN', 'arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf'],
    ['TENANT', '123e4567-e89b-12d3-a456-426614174000'], ['ORDERS_URL', 'http://orders:8080'], ['ENDPOINT', 'https://search-logs-abc123.us-east-1.es.amazonaws.com'],
    ['QUEUE', 'https://sqs.us-east-1.amazonaws.com/123456789012/Stack-OrdersQueue1A2B3C4D'], ['TABLE', 'orders-production-eu-central-1-v2'],
    ['FLAGS', 'checkout-v2,search-ranking,new-header'], ['ZEROES', '0'.repeat(40)], ['WORDS', 'aaaaaaaaaaaaaaaaaaaaB1'],
  ])('%s=%s passes', (name, value) => {
    expect(looksLikeSecret(name, value)).toBeUndefined();
  });

  test('has an entropy in bits a character', () => {
    expect(entropy('')).toBe(0);
    expect(entropy('aaaa')).toBe(0);
    expect(entropy('abab')).toBe(1);
    expect(entropy('0123456789abcdef')).toBe(4);
  });
});
