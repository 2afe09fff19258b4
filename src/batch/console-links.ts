/** A page of the console of AWS. */
export function consoleLink(region: string, service: string, place: string): string {
  return `https://${region}.console.aws.amazon.com/${service}/home?region=${region}#${place}`;
}

/** The log streams of a group whose names begin with a text. Such a link bears names with slashes as they are, which one to a single stream does not. */
export function logLink(region: string, logGroupName: string, beginning: string): string {
  return consoleLink(region, 'cloudwatch', `logsV2:log-groups/log-group/${logGroupName}$3FlogStreamNameFilter$3D${beginning}`);
}
