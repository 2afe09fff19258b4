import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ProtocolConfig } from './protocol-config';
import type { ServiceConnectOptions } from './service-discovery-options';
import { fail } from '../private/fail';

/** What the proxy does by itself with an idle connection of HTTP, in seconds. */
const DEFAULT_IDLE_SECONDS = 300;

/** What decides on the time-outs of the proxy. */
interface ProxyTimes {
  readonly options: Pick<ServiceConnectOptions, 'idleTimeout' | 'requestTimeout'>;
  readonly protocol: ProtocolConfig;
  readonly maxRequestTime: Duration;
}

/** Without a time-out of its own, the proxy would end every request after 15 seconds. For bytes over TCP it has none. */
export function proxyTimeout(scope: Construct, times: ProxyTimes): ecs.CfnService.TimeoutConfigurationProperty | undefined {
  const { options, protocol, maxRequestTime } = times;
  if (!protocol.isHttp) {
    if (options.requestTimeout !== undefined) {
      fail(scope, `'requestTimeout' of 'discovery' goes with HTTP, got a service that speaks ${protocol.name}, where nothing tells requests apart; omit it`);
    }
    return options.idleTimeout && { idleTimeoutSeconds: options.idleTimeout.toSeconds() };
  }
  const lasts = protocol.idleTimeout !== undefined;
  const idle = options.idleTimeout ?? protocol.idleTimeout;
  const perRequestTimeoutSeconds = options.requestTimeout?.toSeconds() ?? (lasts ? 0 : maxRequestTime.toSeconds()); // 0: a connection may last
  checkChain(scope, times, perRequestTimeoutSeconds);
  return idle === undefined ? { perRequestTimeoutSeconds } : { idleTimeoutSeconds: idle.toSeconds(), perRequestTimeoutSeconds };
}

function checkChain(scope: Construct, { options, protocol, maxRequestTime }: ProxyTimes, request: number): void {
  if ([options.idleTimeout, options.requestTimeout, protocol.idleTimeout, maxRequestTime].some((time) => time?.isUnresolved())) return;
  const longest = maxRequestTime.toSeconds();
  const idle = (options.idleTimeout ?? protocol.idleTimeout)?.toSeconds() ?? DEFAULT_IDLE_SECONDS;
  const [asked, waited, kept] = [`'maxRequestTime' ${longest} s`, `'requestTimeout' ${request} s`, `'idleTimeout' ${idle} s`];
  if (request !== 0 && request < longest) {
    fail(scope, `'requestTimeout' of 'discovery' must be 'maxRequestTime' or more, or 0, got ${asked}, ${waited}: the proxy would cut requests off; `
      + "shorten 'maxRequestTime', or omit 'requestTimeout'");
  }
  if (idle !== 0 && idle < request) {
    fail(scope, `'idleTimeout' of 'discovery' must be 'requestTimeout' or more, or 0, got ${waited}, ${kept}: the proxy would cut off requests that wait; `
      + "give a longer 'idleTimeout'");
  }
}
