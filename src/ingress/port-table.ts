import { MAX_SECURITY_GROUP_RULES } from '../private/quotas';

/** The most listeners that AWS lets a Network Load Balancer have. */
const MAX_LISTENERS = 50;

/**
 * Who has which port of a Network Load Balancer. Pure: knows nothing of the CDK.
 *
 * A port belongs to one service, whatever the protocol: a listener has no rules that could share it out, and TCP and UDP cannot have one number.
 */
export class PortTable {
  private readonly owners = new Map<number, string>();
  private rules = 0;

  /** Why the service cannot have the port, which so many sources may reach; undefined: it has it from here on. */
  public claim(port: number, owner: string, sources: number): string | undefined {
    const other = this.owners.get(port);
    if (other === owner) {
      return `'routes' of ${owner} ask for port ${port} of one load balancer twice; a port has one listener: keep one of the routes`;
    }
    if (other !== undefined) {
      return `'routes' of ${other} and ${owner} both ask for port ${port} of one load balancer, and a port belongs to one service; give one of them another 'port'`;
    }
    if (this.owners.size >= MAX_LISTENERS) {
      return `'routes' of all services on one Network Load Balancer must be ${MAX_LISTENERS} together at most, and ${owner} asks for one more; `
        + 'put it into another cluster, which has a load balancer of its own';
    }
    if (this.rules + sources > MAX_SECURITY_GROUP_RULES) {
      return `'allowedSources' of all services on one Network Load Balancer must be ${MAX_SECURITY_GROUP_RULES} together at most, `
        + `and ${owner} would make them ${this.rules + sources}; use wider address ranges or a prefix list`;
    }
    this.owners.set(port, owner);
    this.rules += sources;
    return undefined;
  }
}
