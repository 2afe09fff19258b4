/** The retrier of states that call an API: errors of the network, of throttling and of the service itself pass. */
export const PASSING_ERRORS = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 5, BackoffRate: 2 }];
