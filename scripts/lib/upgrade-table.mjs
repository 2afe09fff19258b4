import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';

const PACKAGE = '@aws-cdk/aws-service-spec';
const require = createRequire(import.meta.url);

/** The table that `UpgradeSafety.compare` reads. */
export const UPGRADE_TABLE = join(ROOT, 'src', 'upgrade-safety', 'update-behaviours.json');

/** What users put beside the workloads, and would miss most. */
const BESIDE = [
  'AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api', 'AWS::AutoScaling::LifecycleHook', 'AWS::Batch::SchedulingPolicy', 'AWS::CloudFront::Distribution',
  'AWS::Cognito::UserPool', 'AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table', 'AWS::EC2::Instance', 'AWS::EC2::SecurityGroupEgress', 'AWS::EC2::Volume',
  'AWS::ECR::Repository', 'AWS::EFS::FileSystem', 'AWS::EFS::MountTarget', 'AWS::ElastiCache::ReplicationGroup', 'AWS::Events::EventBus',
  'AWS::IAM::ManagedPolicy', 'AWS::KMS::Alias', 'AWS::Kinesis::Stream', 'AWS::Lambda::EventSourceMapping', 'AWS::RDS::DBCluster', 'AWS::RDS::DBInstance',
  'AWS::RDS::DBSubnetGroup', 'AWS::Route53::HostedZone', 'AWS::SNS::Subscription', 'AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'AWS::SecretsManager::Secret',
  'AWS::CloudWatch::CompositeAlarm', 'AWS::Logs::MetricFilter', 'AWS::Logs::QueryDefinition', 'AWS::Logs::SubscriptionFilter', 'AWS::XRay::Group',
  'AWS::ApplicationSignals::ServiceLevelObjective', 'AWS::ElasticLoadBalancingV2::TrustStore', 'AWS::Pipes::Pipe',
];

/** Every type of the constructs, by the reviewed list of their resources, and those beside them. */
export function typesOfTable() {
  const reviewed = readFileSync(join(ROOT, 'test', 'contract', 'child-ids.txt'), 'utf8');
  return [...new Set([...reviewed.matchAll(/-> (AWS::\S+)$/gm)].map(([, type]) => type).concat(BESIDE))].sort();
}

/** The table as text: one line a type, so that a change of the data is read as a change of lines. */
export function renderUpgradeTable() {
  const database = require(PACKAGE).loadAwsServiceSpecSync();
  const lines = typesOfTable().map((type) => `    ${JSON.stringify(type)}: ${JSON.stringify(behaviourOf(database, type))}`);
  const source = `${PACKAGE} ${require(`${PACKAGE}/package.json`).version}`;
  return `{\n  "source": ${JSON.stringify(source)},\n  "types": {\n${lines.join(',\n')}\n  }\n}\n`;
}

function behaviourOf(database, type) {
  const [resource] = database.lookup('resource', 'cloudFormationType', 'equals', type);
  if (resource === undefined) throw new Error(`${PACKAGE} knows no ${type}`);
  const replace = [];
  const mayReplace = [];
  collect(database, resource.properties, [], { replace, mayReplace });
  const further = (resource.additionalReplacementProperties ?? []).map((path) => path.join('.'));
  return compact({
    replace: [...new Set([...replace, ...further])].sort(),
    mayReplace: mayReplace.sort(),
    name: replace.filter((path) => isName(path, resource.name)),
    data: resource.isStateful === true ? true : undefined,
  });
}

/** Walks into lists and maps as well; what lies below a property that replaces has nothing to add. */
function collect(database, properties, above, found) {
  for (const [name, property] of Object.entries(properties)) {
    const path = [...above, name];
    if (property.causesReplacement === 'yes') found.replace.push(path.join('.'));
    else if (property.causesReplacement === 'maybe') found.mayReplace.push(path.join('.'));
    else {
      const definition = definitionOf(database, property.type);
      if (definition !== undefined && !above.includes(name)) collect(database, definition.properties, path, found);
    }
  }
}

function definitionOf(database, type) {
  if (type.type === 'ref') return database.get('typeDefinition', type.reference.$ref);
  return type.element === undefined ? undefined : definitionOf(database, type.element);
}

/** `Name`, or what the resource is called with it: a resource that is given one cannot be replaced under it. */
function isName(path, resource) {
  return path === 'Name' || (path.endsWith('Name') && resource.endsWith(path.slice(0, -'Name'.length)));
}

function compact(entry) {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined && value.length !== 0));
}
