import { Duration, Lazy } from 'aws-cdk-lib/core';
import { checkInteger, checkPattern, checkRange, checkSeconds } from '../../src/private/check';
import { kebabCase, upperSnakeCase } from '../../src/private/naming';

describe('checks', () => {
  test('name the prop, the bounds, the value and the remedy', () => {
    expect(() => checkRange(undefined, 'port', 0, 1, 65535, 'choose another'))
      .toThrow("'port' must be between 1 and 65535, got 0; choose another");
    expect(() => checkInteger(undefined, 'port', 1.5, 1, 65535, 'choose another'))
      .toThrow("'port' must be a whole number between 1 and 65535, got 1.5; choose another");
    expect(() => checkSeconds(undefined, 'drain', Duration.minutes(3), 1, 120, 'shorten it'))
      .toThrow("'drain' must be between 1 and 120 seconds, got 180 seconds; shorten it");
    expect(() => checkSeconds(undefined, 'drain', Duration.millis(1500), 1, 120, 'round it'))
      .toThrow("'drain' must be a whole number of seconds, got 1.5; round it");
    expect(() => checkPattern(undefined, 'name', 'A b', /^[a-z]+$/, 'lower-case letters', 'rename it'))
      .toThrow('\'name\' must be lower-case letters, got "A b"; rename it');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('refuse %s', (value) => {
    expect(() => checkRange(undefined, 'port', value, 1, 2, 'choose another')).toThrow("'port' must be between 1 and 2");
  });

  test('let bounds, undefined and tokens pass', () => {
    checkRange(undefined, 'port', 1, 1, 2, '');
    checkRange(undefined, 'port', 2, 1, 2, '');
    checkInteger(undefined, 'port', undefined, 1, 2, '');
    checkInteger(undefined, 'port', Lazy.number({ produce: () => 9 }), 1, 2, '');
    checkSeconds(undefined, 'drain', Duration.seconds(Lazy.number({ produce: () => 900 })), 1, 2, '');
    checkPattern(undefined, 'name', Lazy.string({ produce: () => 'A b' }), /^[a-z]+$/, '', '');
  });
});

describe('names', () => {
  test.each([
    ['Orders', 'orders', 'ORDERS'],
    ['OrdersApi', 'orders-api', 'ORDERS_API'],
    ['HTTPServer2', 'http-server2', 'HTTP_SERVER2'],
    ['my_service.v1', 'my-service-v1', 'MY_SERVICE_V1'],
  ])('%s', (id, kebab, upper) => {
    expect(kebabCase(id)).toBe(kebab);
    expect(upperSnakeCase(id)).toBe(upper);
  });
});
