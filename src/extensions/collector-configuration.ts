/** The configuration of an OpenTelemetry collector, in YAML: OTLP in, traces to X-Ray, metrics as lines of a log group. No CDK in here. */
export function collectorConfiguration(logGroupName: string, region: string): string {
  return [
    'extensions:',
    '  health_check:',
    'receivers:',
    '  otlp:',
    '    protocols:',
    '      grpc: { endpoint: 0.0.0.0:4317 }',
    '      http: { endpoint: 0.0.0.0:4318 }',
    'processors:',
    '  batch:',
    '  resourcedetection: { detectors: [env, ecs] }',
    'exporters:',
    `  awsxray: { region: ${region} }`,
    `  awsemf: { region: ${region}, log_group_name: ${logGroupName}, log_stream_name: otel, namespace: OpenTelemetry }`,
    'service:',
    '  extensions: [health_check]',
    '  pipelines:',
    '    traces: { receivers: [otlp], processors: [resourcedetection, batch], exporters: [awsxray] }',
    '    metrics: { receivers: [otlp], processors: [resourcedetection, batch], exporters: [awsemf] }',
    '',
  ].join('\n');
}
