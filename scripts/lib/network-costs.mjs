/**
 * What a network has that costs by the hour. Each endpoint has a place in each of two zones.
 *
 * @typedef {{ choice: string, natGateways: number, interfaceEndpoints: number, publicAddresses: number, keys?: number, traffic: 'natGateway' | 'interfaceEndpoint' | undefined }} Network
 */

const ZONES = 2;

/**
 * The networks of the table in docs/network.md. test/cluster/network-costs.test.ts holds the numbers against what the library makes.
 *
 * @type {Network[]}
 */
export const NETWORKS = [
  { choice: '`natGateways()`', natGateways: 2, interfaceEndpoints: 0, publicAddresses: 2, traffic: 'natGateway' },
  { choice: '`natGateways(1)`', natGateways: 1, interfaceEndpoints: 0, publicAddresses: 1, traffic: 'natGateway' },
  { choice: '`vpcEndpoints()`', natGateways: 0, interfaceEndpoints: 3, publicAddresses: 0, traffic: 'interfaceEndpoint' },
  { choice: '`vpcEndpoints()`, a service with a secret', natGateways: 0, interfaceEndpoints: 4, publicAddresses: 0, traffic: 'interfaceEndpoint' },
  { choice: '`vpcEndpoints()`, a service with `enableExec`', natGateways: 0, interfaceEndpoints: 5, publicAddresses: 0, keys: 1, traffic: 'interfaceEndpoint' },
  { choice: '`publicSubnets()`, 2 tasks', natGateways: 0, interfaceEndpoints: 0, publicAddresses: 2, traffic: undefined },
  { choice: '`publicSubnets()`, 10 tasks', natGateways: 0, interfaceEndpoints: 0, publicAddresses: 10, traffic: undefined },
];

/**
 * @param {Network} network
 * @param {typeof import('../network-prices.json')} prices
 */
export function monthlyCost({ natGateways, interfaceEndpoints, publicAddresses, keys = 0 }, { perHour, perMonth, hoursInMonth }) {
  const hourly = natGateways * perHour.natGateway + interfaceEndpoints * ZONES * perHour.interfaceEndpointInZone + publicAddresses * perHour.publicAddress;
  return hourly * hoursInMonth + keys * perMonth.key;
}

/**
 * The table of docs/network.md, with the sentence that says where the prices are from.
 *
 * @param {typeof import('../network-prices.json')} prices
 */
export function renderCosts(prices) {
  const lines = NETWORKS.map((network) => {
    const perGibibyte = network.traffic === undefined ? 'nothing' : `$${prices.perGibibyte[network.traffic]}`;
    return `| ${network.choice} | ${contents(network)} | $${monthlyCost(network, prices).toFixed(2)} | ${perGibibyte} |`;
  });
  return [
    '| Choice | What costs by the hour or month | A month | Each GiB |',
    '|---|---|---:|---:|',
    ...lines,
    '',
    pricesFrom(prices),
  ].join('\n');
}

/** Where the prices of a table are from, and of when they are. */
export function pricesFrom({ region, currency, hoursInMonth, asOf, sources }) {
  return `On-demand prices of ${region} in ${currency}, ${hoursInMonth} hours a month, as they were in ${asOf}; look at ${sources.map((url) => `<${url}>`).join(', ')} for those of today.`;
}

/** @param {Network} network */
function contents({ natGateways, interfaceEndpoints, publicAddresses, keys = 0 }) {
  return [
    counted(natGateways, 'NAT gateway'),
    counted(interfaceEndpoints, 'interface endpoint', ` in ${ZONES} zones`),
    counted(publicAddresses, 'public IPv4 address', '', 'es'),
    counted(keys, 'KMS key'),
  ].filter((part) => part !== undefined).join(', ');
}

function counted(count, what, where = '', plural = 's') {
  return count === 0 ? undefined : `${count} ${what}${count === 1 ? '' : plural}${where}`;
}
