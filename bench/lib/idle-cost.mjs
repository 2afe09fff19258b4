/** Metrics of Container Insights for each cluster, service, task and container: no template says it, so it is assumed. */
export const ASSUMED_METRICS = 15;

/** A load balancer has a place, and an address if it is public, in each of two zones. */
const ZONES = 2;

/**
 * What the resources of a template cost a month while nobody calls, without the tasks themselves.
 *
 * @param {Record<string, { Type: string, Properties?: any }>} resources
 * @param {typeof import('../prices.json')} prices
 * @param {number} tasksOfService how many tasks each service runs
 */
export function idleCost(resources, prices, tasksOfService) {
  const all = Object.values(resources);
  const of = (type) => all.filter(({ Type }) => Type === type).map(({ Properties = {} }) => Properties);
  const services = of('AWS::ECS::Service');
  const balancers = of('AWS::ElasticLoadBalancingV2::LoadBalancer');
  const tasks = services.length * tasksOfService;
  const addresses = balancers.filter(({ Scheme }) => Scheme === 'internet-facing').length * ZONES
    + of('AWS::EC2::NatGateway').length
    + services.filter(({ NetworkConfiguration }) => NetworkConfiguration?.AwsvpcConfiguration?.AssignPublicIp === 'ENABLED').length * tasksOfService;
  const { perHour, perMonth, hoursInMonth } = prices;
  const hourly = balancers.length * perHour.loadBalancer
    + of('AWS::EC2::NatGateway').length * perHour.natGateway
    + endpointPlaces(of('AWS::EC2::VPCEndpoint')) * perHour.interfaceEndpointInZone
    + addresses * perHour.publicAddress;
  const insights = of('AWS::ECS::Cluster').filter(hasInsights).length * (1 + services.length + 2 * tasks) * ASSUMED_METRICS * perMonth.insightsMetric;
  return {
    network: hourly * hoursInMonth + of('AWS::KMS::Key').length * perMonth.key,
    observability: of('AWS::CloudWatch::Alarm').length * perMonth.alarm + of('AWS::CloudWatch::Dashboard').length * perMonth.dashboard + insights,
  };
}

function endpointPlaces(endpoints) {
  return endpoints.filter(({ VpcEndpointType }) => VpcEndpointType === 'Interface').reduce((places, { SubnetIds }) => places + SubnetIds.length, 0);
}

function hasInsights({ ClusterSettings = [] }) {
  return ClusterSettings.some(({ Name, Value }) => Name === 'containerInsights' && Value === 'enhanced');
}
