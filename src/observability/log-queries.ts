import * as logs from 'aws-cdk-lib/aws-logs';
import { Lazy, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { IWatchedWorkload } from './iwatched-workload';
import { errorsQuery, linesQuery, streamsQuery } from './query-texts';
import { watched } from './watched';
import { checkPattern } from '../private/check';
import { fail, show } from '../private/fail';

/** Properties of `LogQueries`. */
export interface LogQueriesProps {
  /** Whose logs are searched: one workload, or all of a team, up to 50. */
  readonly workloads: IWatchedWorkload[];

  /**
   * The folder in which the console shows the queries, 1 to 200 characters; `/` makes folders in folders.
   *
   * @default - the path of the construct
   */
  readonly folder?: string;
}

/** Of one query. */
const MOST_LOG_GROUPS = 50;

/**
 * Queries of CloudWatch Logs Insights over the logs of workloads, stored, so that at three in the morning nobody has to write one.
 *
 * Creates three: `Errors` (the latest lines that tell of an error), `Lines` (the latest lines of the applications themselves, without sidecars and proxies)
 * and `Streams` (each container of each task: from when to when it wrote, and how much). Each goes through the logs of all the workloads. Lines of JSON need
 * nothing: Insights finds their fields by itself. Stored queries are free; running one is charged by the GB of logs that it goes through.
 *
 * @example
 * declare const orders: EcsMicroservice;
 * declare const etl: EcsBatchPipeline;
 * const queries = new LogQueries(this, 'Queries', { workloads: [orders, etl] });
 * queries.addQuery('Slowest', 'fields path, ms | filter ms > 1000 | sort ms desc | limit 50');
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_Insights-Saving-Queries.html
 */
export class LogQueries extends Construct {
  private readonly folder: string;
  private readonly logGroupNames: string[];

  constructor(scope: Construct, id: string, props: LogQueriesProps) {
    super(scope, id);
    checkPattern(this, 'folder', props.folder, /^[^\s/].{0,199}$/, '1 to 200 characters, no space or slash first', 'choose another name or omit it');
    const streams = props.workloads.map((workload) => watched(this, workload).streams);
    this.folder = props.folder ?? this.node.path;
    this.logGroupNames = [...new Set(props.workloads.map(({ logGroup }) => logGroup.logGroupName))];
    this.validateGroups();

    this.addQuery('Errors', errorsQuery());
    // jobs may be added to a pipeline
    this.addQuery('Lines', Lazy.string({ produce: () => linesQuery([...new Set(streams.flatMap((of) => of()))]) }));
    this.addQuery('Streams', streamsQuery());
  }

  /**
   * Stores one more query over the same logs.
   *
   * @param id names the query in its folder, and the construct
   * @param query in the language of Logs Insights, up to 10,000 characters
   *
   * @example
   * declare const queries: LogQueries;
   * queries.addQuery('Logins', 'filter event = "login" | stats count(*) by bin(5m)');
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
   */
  public addQuery(id: string, query: string): void {
    if (!Token.isUnresolved(query) && (query.trim() === '' || query.length > 10_000)) {
      fail(this, `'query' must have 1 to 10000 characters, got ${query.length} for ${show(id)}; write a query of Logs Insights`);
    }
    new logs.CfnQueryDefinition(this, id, { name: `${this.folder}/${id}`, queryString: query, logGroupNames: this.logGroupNames });
  }

  private validateGroups(): void {
    const count = this.logGroupNames.length;
    if (count === 0 || count > MOST_LOG_GROUPS) {
      fail(this, `'workloads' must have 1 to ${MOST_LOG_GROUPS} log groups, got ${count}: one query goes through no more; make another 'LogQueries' for the others`);
    }
  }
}
