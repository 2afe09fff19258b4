import { Fn, Token } from 'aws-cdk-lib/core';

/**
 * The load balancer as metrics name it, which stands in the ARN of its listener:
 * `arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/name/0123456789abcdef/fedcba9876543210` -> `app/name/0123456789abcdef`.
 */
export function loadBalancerOfListener(listenerArn: string): string {
  return Token.isUnresolved(listenerArn)
    ? Fn.join('/', [1, 2, 3].map((index) => Fn.select(index, Fn.split('/', listenerArn))))
    : listenerArn.split('/').slice(1, 4).join('/');
}
