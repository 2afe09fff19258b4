/** The package of each AWS service and the class of its client. */
const SERVICES = {
  autoscaling: ['@aws-sdk/client-application-auto-scaling', 'ApplicationAutoScalingClient'],
  batch: ['@aws-sdk/client-batch', 'BatchClient'],
  cloudformation: ['@aws-sdk/client-cloudformation', 'CloudFormationClient'],
  cloudwatch: ['@aws-sdk/client-cloudwatch', 'CloudWatchClient'],
  ec2: ['@aws-sdk/client-ec2', 'EC2Client'],
  ecs: ['@aws-sdk/client-ecs', 'ECSClient'],
  elbv2: ['@aws-sdk/client-elastic-load-balancing-v2', 'ElasticLoadBalancingV2Client'],
  events: ['@aws-sdk/client-eventbridge', 'EventBridgeClient'],
  logs: ['@aws-sdk/client-cloudwatch-logs', 'CloudWatchLogsClient'],
  s3: ['@aws-sdk/client-s3', 'S3Client'],
  scheduler: ['@aws-sdk/client-scheduler', 'SchedulerClient'],
  sfn: ['@aws-sdk/client-sfn', 'SFNClient'],
  sqs: ['@aws-sdk/client-sqs', 'SQSClient'],
  sts: ['@aws-sdk/client-sts', 'STSClient'],
};

/** Eight lines of warning on Node 20, which nobody who runs a script of ours can act on. */
const QUIET = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/**
 * Calls of AWS operations by name: `await aws('ecs', 'DescribeServices', { ... })`.
 *
 * The SDK is loaded when it is needed: it is there only after `bootstrap`.
 */
export class Aws {
  #clients = new Map();

  /** @param {Pick<import('./target.mjs').Target, 'clientOptions' | 'kind'>} target */
  constructor(target) {
    this.target = target;
    process.env[QUIET] ??= 'true';
  }

  /**
   * @param {keyof typeof SERVICES} service
   * @param {string} operation
   * @param {object} input
   */
  async call(service, operation, input) {
    const [packageName, className] = SERVICES[service];
    const sdk = await import(packageName);
    if (!this.#clients.has(service)) this.#clients.set(service, new sdk[className](this.target.clientOptions));
    return this.#clients.get(service).send(new sdk[`${operation}Command`](input));
  }

  /** Closes the connections, which would keep this process alive. */
  close() {
    for (const client of this.#clients.values()) client.destroy();
    this.#clients.clear();
  }
}
