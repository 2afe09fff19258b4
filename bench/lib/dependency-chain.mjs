/** About how long CloudFormation takes to create what takes long, in seconds: assumed, so that chains can be compared. Everything else: 5. */
const SECONDS = {
  'AWS::EC2::VPC': 15,
  'AWS::EC2::InternetGateway': 15,
  'AWS::EC2::VPCGatewayAttachment': 15,
  'AWS::EC2::NatGateway': 105,
  'AWS::EC2::VPCEndpoint': 60,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 150,
  'AWS::ServiceDiscovery::PrivateDnsNamespace': 45,
  'AWS::ServiceDiscovery::HttpNamespace': 10,
  'AWS::IAM::Role': 18,
  'AWS::IAM::Policy': 15,
};

/**
 * The resources that a first deployment waits for one after the other.
 *
 * @param {Record<string, { Type: string, Properties?: any, DependsOn?: string | string[] }>} resources
 * @param {number} service how long a service takes until its tasks serve
 * @returns {{ seconds: number, chain: string[] }} the longest chain, as types
 */
export function longestChain(resources, service) {
  const known = new Map();
  const secondsOf = ({ Type }) => (Type === 'AWS::ECS::Service' ? service : SECONDS[Type] ?? 5);
  const chainTo = (id) => {
    if (known.has(id)) return known.get(id);
    known.set(id, { seconds: 0, chain: [] }); // a cycle would not deploy at all
    const before = dependenciesOf(resources[id]).filter((other) => other in resources && other !== id).map(chainTo);
    const longest = before.reduce((one, other) => (other.seconds > one.seconds ? other : one), { seconds: 0, chain: [] });
    const found = { seconds: longest.seconds + secondsOf(resources[id]), chain: [...longest.chain, id] };
    known.set(id, found);
    return found;
  };
  const { seconds, chain } = Object.keys(resources).map(chainTo).reduce((one, other) => (other.seconds > one.seconds ? other : one));
  return { seconds, chain: chain.map((id) => resources[id].Type.replace('AWS::', '')) };
}

function dependenciesOf({ Properties, DependsOn = [] }) {
  return [...[DependsOn].flat(), ...referencesIn(Properties)];
}

function referencesIn(value) {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [inner];
    if (key === 'Fn::GetAtt') return [Array.isArray(inner) ? inner[0] : inner.split('.')[0]];
    if (key === 'Fn::Sub') return [...referencesIn(inner), ...namesInText(Array.isArray(inner) ? inner[0] : inner)];
    return referencesIn(inner);
  });
}

function namesInText(text) {
  return [...text.matchAll(/\$\{([^!.}]+)(?:\.[^}]*)?\}/g)].map(([, name]) => name);
}
