import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { TimeZone } from 'aws-cdk-lib/core';

/** Each night, in a time zone. */
export function schedule(): scheduler.ScheduleExpression {
  return scheduler.ScheduleExpression.cron({ hour: '2', minute: '30', timeZone: TimeZone.EUROPE_ROME });
}
