"""Invocations of functions: values, errors, time-outs, logs, and what the runtime ships."""

from __future__ import annotations

import base64
import json

import pytest
from botocore.exceptions import ClientError
from runtime.waiting import eventually


def test_a_handler_gets_its_event_environment_and_context(functions):
    arn = functions.node(
        "return [event.n + 1, process.env.STAGE, context.functionName, context.getRemainingTimeInMillis() > 0,"
        " context.invokedFunctionArn, process.env.AWS_ENDPOINT_URL];",
        Environment={"Variables": {"STAGE": "test"}},
    )
    assert functions.value(arn, {"n": 1}) == [2, "test", arn.split(":")[-1], True, arn, functions.local.endpoint]


@pytest.mark.parametrize(
    ("files", "handler"),
    [
        ({"index.mjs": "export const handler = async () => 'ok';"}, "index.handler"),
        ({"package.json": '{"type": "module"}', "src/app.js": "export const run = async () => 'ok';"}, "src/app.run"),
        (
            {"index.js": "exports.handler = (event, context, callback) => setTimeout(() => callback(null, 'ok'), 1);"},
            "index.handler",
        ),
        ({"index.js": "exports.handler = (event, context) => { context.succeed('ok'); };"}, "index.handler"),
    ],
)
def test_forms_of_handlers(functions, files, handler):
    assert functions.value(functions.create(files, handler=handler)) == "ok"


def test_an_error_has_type_message_and_trace(functions):
    told = functions.error(
        functions.node("class Missing extends Error { name = 'Missing' }; throw new Missing('no such order');")
    )
    assert (told["errorType"], told["errorMessage"]) == ("Missing", "no such order")
    assert told["trace"]


def test_a_missing_module_or_handler_is_an_error(functions):
    assert functions.error(functions.create({"other.js": ""}))["errorType"] == "Runtime.ImportModuleError"
    assert functions.error(functions.create({"index.js": ""}))["errorType"] == "Runtime.HandlerNotFound"


def test_a_process_that_exits_and_one_that_takes_too_long(functions):
    exited = functions.error(functions.node("process.exit(4);"))
    assert exited["errorType"] == "Runtime.ExitError"
    assert exited["errorMessage"].endswith("exit status 4")
    late = functions.error(functions.node("await new Promise(() => setInterval(() => {}, 1000));", Timeout=1))
    assert late["errorMessage"].endswith("Task timed out after 1.00 seconds")


def test_lines_go_to_the_functions_group_and_the_tail_to_the_caller(functions):
    arn = functions.node("console.log('hello from the handler');")
    answer = functions.invoke(arn, {}, LogType="Tail")
    assert "hello from the handler" in base64.b64decode(answer["LogResult"]).decode()
    lines = functions.lines(f"/aws/lambda/{arn.split(':')[-1]}")
    assert "hello from the handler" in lines
    assert lines[0].startswith("START RequestId: ")


def test_a_group_of_its_own(functions):
    arn = functions.node("console.log('elsewhere');", LoggingConfig={"LogGroup": "/own/functions"})
    functions.value(arn)
    assert "elsewhere" in functions.lines("/own/functions")
    told = functions.client.get_function_configuration(FunctionName=arn)
    assert told["LoggingConfig"]["LogGroup"] == "/own/functions"


def test_an_asynchronous_invocation_is_tried_three_times(functions):
    arn = functions.node("console.log('attempt'); throw new Error('no');")
    assert functions.invoke(arn, {}, InvocationType="Event")["StatusCode"] == 202
    group = f"/aws/lambda/{arn.split(':')[-1]}"
    eventually(lambda: functions.lines(group).count("attempt") == 3, "three attempts are logged")


def test_what_the_node_runtime_ships_is_found_and_nothing_else_of_the_project(functions, tmp_path, monkeypatch):
    for name in ("@aws-sdk/client-fake", "other"):
        package = tmp_path / "node_modules" / name
        package.mkdir(parents=True)
        (package / "package.json").write_text(json.dumps({"name": name, "version": "1.0.0", "main": "index.js"}))
        (package / "index.js").write_text("exports.name = 'shipped';")
    monkeypatch.setenv("LOCAL_AWS_NODE_PATH", str(tmp_path / "node_modules"))
    assert functions.value(functions.node("return require('@aws-sdk/client-fake').name;")) == "shipped"
    esm = {"index.mjs": "import sdk from '@aws-sdk/client-fake'; export const handler = async () => sdk.name;"}
    assert functions.value(functions.create(esm)) == "shipped"
    assert functions.error(functions.node("return require('other').name;"))["errorMessage"].startswith(
        "Cannot find module 'other'"
    )


def test_python_handlers_have_boto3_and_not_the_packages_of_the_local_model(functions):
    source = (
        "import boto3\n"
        "def handler(event, context):\n"
        "    if event.get('fail'): raise ValueError('bad')\n"
        "    names = [b['Name'] for b in boto3.client('s3').list_buckets()['Buckets']]\n"
        "    try: import moto\n"
        "    except ImportError: return event['bucket'] in names\n"
    )
    arn = functions.create({"index.py": source}, runtime="python3.12")
    functions.local.client("s3").create_bucket(Bucket="of-python")
    assert functions.value(arn, {"bucket": "of-python"}) is True
    assert functions.error(arn, {"fail": True})["errorType"] == "ValueError"


@pytest.mark.parametrize(
    ("given", "why"),
    [({"runtime": "java21"}, "runtime java21"), ({"Layers": ["arn:aws:lambda:us-east-1:123456789012:layer:l:1"]}, "layers")],
)
def test_what_cannot_run_is_refused_at_creation(functions, given, why):
    with pytest.raises(ClientError, match=f"{why}.*not modelled by the local AWS"):
        functions.node("return 1;", **given)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_cloudformation_answer_reaches_the_local_endpoint_by_https(functions, host):
    arn = functions.node(
        "const url = new URL(event.ResponseURL); return await new Promise((resolve, reject) => {"
        " const request = require('https').request({ hostname: url.hostname, path: url.pathname + url.search, method: 'GET' },"
        "  (response) => response.on('data', () => {}).on('end', () => resolve(response.statusCode)));"
        " request.on('error', reject); request.end(); });"
    )
    assert functions.value(arn, {"ResponseURL": f"https://{host}/_local/health"}) == 200


@pytest.mark.parametrize("runtime", ["nodejs22.x", "python3.12"])
def test_a_function_reaches_a_load_balancer_by_its_name(functions, platform, runtime):
    balancer, body = platform.load_balancer(), {"StatusCode": "200", "MessageBody": "here I am"}
    functions.local.client("elbv2").create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTP",
        Port=8443,
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": body}],
    )
    url = f"http://{balancer['DNSName']}:8443/"
    files = {
        "index.js": f"exports.handler = async () => (await fetch({url!r})).text();",
        "index.py": (
            "import urllib.request\n\ndef handler(event, context):\n"
            f"    return urllib.request.urlopen({url!r}).read().decode()\n"
        ),
    }
    assert functions.value(functions.create(files, runtime)) == "here I am"


def test_node_options_of_a_function_stay_in_force(functions):
    files = {
        "index.js": "exports.handler = async () => global.preloaded;",
        "before.js": "global.preloaded = 'yes';",
    }
    options = {"Variables": {"NODE_OPTIONS": "--require ./before.js"}}
    assert functions.value(functions.create(files, Environment=options)) == "yes"
