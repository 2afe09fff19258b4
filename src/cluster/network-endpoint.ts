import { checkPattern } from '../private/check';

/**
 * An AWS service that tasks without a way to the internet reach through a VPC endpoint.
 *
 * Two values for one service are the same endpoint. S3 and DynamoDB have gateway endpoints, which are free; every other one is an interface endpoint, which
 * costs by the hour in each zone and by the GiB.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
 */
export class NetworkEndpoint {
  /** The API of Amazon ECR: who may pull, and what an image consists of. */
  public static readonly ECR_API = new NetworkEndpoint('ecr.api');

  /** The registry of Amazon ECR, from which images are pulled. */
  public static readonly ECR_DKR = new NetworkEndpoint('ecr.dkr');

  /** Amazon S3, where Amazon ECR keeps the layers of images. A gateway endpoint, free of charge. */
  public static readonly S3 = new NetworkEndpoint('s3');

  /** Amazon DynamoDB. A gateway endpoint, free of charge. */
  public static readonly DYNAMODB = new NetworkEndpoint('dynamodb');

  /** Amazon CloudWatch Logs. */
  public static readonly LOGS = new NetworkEndpoint('logs');

  /** AWS Secrets Manager. */
  public static readonly SECRETS_MANAGER = new NetworkEndpoint('secretsmanager');

  /** AWS Systems Manager, with its Parameter Store. */
  public static readonly SSM = new NetworkEndpoint('ssm');

  /** The sessions of AWS Systems Manager, on which ECS Exec rests. */
  public static readonly SSM_MESSAGES = new NetworkEndpoint('ssmmessages');

  /** AWS Key Management Service. */
  public static readonly KMS = new NetworkEndpoint('kms');

  /** Amazon SQS. */
  public static readonly SQS = new NetworkEndpoint('sqs');

  /** Amazon SNS. */
  public static readonly SNS = new NetworkEndpoint('sns');

  /** AWS Security Token Service. */
  public static readonly STS = new NetworkEndpoint('sts');

  /** Amazon EventBridge. */
  public static readonly EVENTS = new NetworkEndpoint('events');

  /** AWS Step Functions. */
  public static readonly STEP_FUNCTIONS = new NetworkEndpoint('states');

  /** The API of Amazon ECS, for container instances. Tasks on Fargate do without. */
  public static readonly ECS = new NetworkEndpoint('ecs');

  /** The agent of Amazon ECS on container instances. Tasks on Fargate do without. */
  public static readonly ECS_AGENT = new NetworkEndpoint('ecs-agent');

  /** The metrics of Amazon ECS from container instances. Tasks on Fargate do without. */
  public static readonly ECS_TELEMETRY = new NetworkEndpoint('ecs-telemetry');

  /**
   * The endpoint of any other AWS service, by the last part of its name: `bedrock-runtime` for `com.amazonaws.eu-west-1.bedrock-runtime`.
   *
   * @example
   * ClusterNetwork.vpcEndpoints({ endpoints: [NetworkEndpoint.SQS, NetworkEndpoint.of('bedrock-runtime')] });
   */
  public static of(service: string): NetworkEndpoint {
    checkPattern(undefined, 'service', service, /^(?!com\.amazonaws)[a-z0-9]+([.-][a-z0-9]+)*$/,
      'the last part of an endpoint service name, in lower-case letters, digits, \'-\' and \'.\'', "such as 'bedrock-runtime'");
    return new NetworkEndpoint(service);
  }

  private constructor(
    /** The last part of the endpoint service's name: `ecr.api`. */
    public readonly service: string,
  ) {
  }

  /** @internal */
  public get _isGateway(): boolean {
    return this.service === 's3' || this.service === 'dynamodb';
  }

  /** @internal */
  public get _id(): string {
    return this.service.split(/[.-]/).map((part) => part[0].toUpperCase() + part.slice(1)).join('');
  }
}
