/** What Fluent Bit is told beside what FireLens tells it. No CDK in here. */
export interface RouterConfiguration {
  /** Whether lines of JSON become fields. */
  readonly parsesJson: boolean;
  /** What begins an entry of several lines, as a regular expression. */
  readonly entryStart?: string;
}

/** The files that the router begins with: by their paths, their texts. */
export type RouterFiles = Record<string, string>;

/** Included by the configuration that FireLens writes. */
export const CONFIGURATION = '/fluent-bit/router.conf';
const PARSERS = '/fluent-bit/router-parsers.conf';

/** Where the router's health is asked for. Inside of the task only. */
export const HEALTH_URL = 'http://127.0.0.1:2020/api/v1/uptime';

/** Tags of FireLens are `<container>-firelens-<task>`. What was stored has another one, which the outputs of FireLens match too. */
export const FRESH = '^[A-Za-z0-9_-]+-firelens-[A-Za-z0-9-]+$';
export const STORED = '^[A-Za-z0-9_-]+-firelens-[A-Za-z0-9-]+\\.stored$';

/** What FireLens adds to each line on each way through. */
const METADATA = ['ecs_cluster', 'ecs_task_arn', 'ecs_task_definition', 'ec2_instance_id'];

/**
 * What stands after FireLens' own inputs and metadata, and before its outputs, in the classic form of Fluent Bit.
 *
 * FireLens makes the inputs itself and keeps what they take in memory. So each line is handed on under another tag by a filter whose own store is on disk: what
 * the output does not take waits there, and the memory of the router stays small. Whatever is handed on goes through all filters once more, so that the
 * metadata is taken off before, and comes on again once.
 *
 * Entries are joined before they are stored, because a join must see all lines in their order; their fields come last, so that a joined entry may be JSON.
 *
 * @see https://docs.fluentbit.io/manual/pipeline/filters/rewrite-tag
 */
export function routerFiles({ parsesJson, entryStart }: RouterConfiguration): RouterFiles {
  const parsers = [
    ...parsesJson ? [section('PARSER', [['Name', 'router_json'], ['Format', 'json']])] : [],
    ...entryStart === undefined ? [] : [entryParser(entryStart)],
  ];
  const sections = [
    section('SERVICE', [
      ['Flush', '1'], ['Grace', '30'], ['HTTP_Server', 'On'], ['HTTP_Listen', '127.0.0.1'], ['HTTP_Port', '2020'],
      ['storage.path', '/var/lib/fluent-bit'], ['storage.max_chunks_up', '10'],
      ...parsers.length === 0 ? [] : [['Parsers_File', PARSERS]] as [string, string][],
    ]),
    section('FILTER', [['Name', 'record_modifier'], ['Match_Regex', FRESH], ...METADATA.map((key): [string, string] => ['Remove_key', key])]),
    ...entryStart === undefined ? [] : [section('FILTER', [
      ['Name', 'multiline'], ['Match_Regex', FRESH], ['multiline.key_content', 'log'], ['multiline.parser', 'router_entry'], ['buffer', 'On'],
    ])],
    section('FILTER', [
      ['Name', 'rewrite_tag'], ['Match_Regex', FRESH], ['Rule', '$log .* $TAG.stored false'], ['Emitter_Name', 'stored'], ['Emitter_Storage.type', 'filesystem'],
    ]),
    ...parsesJson ? [section('FILTER', [
      ['Name', 'parser'], ['Match_Regex', STORED], ['Key_Name', 'log'], ['Parser', 'router_json'], ['Reserve_Data', 'On'],
    ])] : [],
  ];
  return { [CONFIGURATION]: join(sections), ...(parsers.length === 0 ? {} : { [PARSERS]: join(parsers) }) };
}

/** A line that does not begin an entry belongs to the one before. */
function entryParser(entryStart: string): string {
  return section('MULTILINE_PARSER', [
    ['name', 'router_entry'],
    ['type', 'regex'],
    ['flush_timeout', '1000'],
    ['rule', `"start_state" "/${entryStart}/" "cont"`],
    ['rule', `"cont" "/^(?!.*(?:${entryStart}))/" "cont"`],
  ]);
}

function section(name: string, settings: [string, string][]): string {
  return [`[${name}]`, ...settings.map(([key, value]) => `    ${key} ${value}`)].join('\n');
}

function join(sections: string[]): string {
  return `${sections.join('\n\n')}\n`;
}
