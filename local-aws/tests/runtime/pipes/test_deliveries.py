"""A pipe from a queue to a state machine: what the execution is given, what becomes of the message, what is refused."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError
from runtime.waiting import eventually

from localaws.errors import LocalAwsError
from localaws.pipes.template import filled

ROLE = "arn:aws:iam::123456789012:role/pipe"


class Plumbing:
    """A queue with dead letters, a state machine that hands on its input, and a pipe between them."""

    def __init__(self, local_aws: Any, target: str | None = None, **target_parameters: Any) -> None:
        self.local, self.name = local_aws, f"p{uuid.uuid4().hex[:10]}"
        self.sqs, self.sfn, self.pipes = (local_aws.client(name) for name in ("sqs", "stepfunctions", "pipes"))
        self.dead = self.sqs.create_queue(QueueName=f"{self.name}-dead")["QueueUrl"]
        redrive = {"deadLetterTargetArn": self.arn(self.dead), "maxReceiveCount": 1}
        given = {"RedrivePolicy": json.dumps(redrive), "VisibilityTimeout": "1"}
        self.url = self.sqs.create_queue(QueueName=self.name, Attributes=given)["QueueUrl"]
        definition = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
        self.machine = self.sfn.create_state_machine(name=self.name, definition=json.dumps(definition), roleArn=ROLE)["stateMachineArn"]
        self.pipes.create_pipe(
            Name=self.name,
            RoleArn=ROLE,
            Source=self.arn(self.url),
            SourceParameters={"SqsQueueParameters": {"BatchSize": 1}},
            Target=target or self.machine,
            TargetParameters={**fire_and_forget(), **target_parameters},
        )

    def arn(self, url: str) -> str:
        return self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def send(self, body: str) -> None:
        self.sqs.send_message(QueueUrl=self.url, MessageBody=body)

    def inputs(self, count: int = 1) -> list[Any]:
        """What that many executions were given, the latest first."""

        def found() -> list[dict[str, Any]] | None:
            executions = self.sfn.list_executions(stateMachineArn=self.machine)["executions"]
            return executions if len(executions) >= count else None

        executions = eventually(found, f"{count} executions of {self.name} have started")
        return [json.loads(self.sfn.describe_execution(executionArn=each["executionArn"])["input"]) for each in executions]

    def waiting(self, url: str) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return sum(int(attributes[name]) for name in names)

    def close(self) -> None:
        self.pipes.delete_pipe(Name=self.name)


def fire_and_forget() -> dict[str, Any]:
    return {"StepFunctionStateMachineParameters": {"InvocationType": "FIRE_AND_FORGET"}}


@pytest.fixture
def plumbing(local_aws):
    made: list[Plumbing] = []

    def make(**given: Any) -> Plumbing:
        made.append(Plumbing(local_aws, **given))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_each_message_is_an_execution_and_is_then_deleted(plumbing):
    made = plumbing(InputTemplate="<$.body>")
    made.send('{"day": 1}')
    made.send('{"day": 2}')
    assert sorted(given[0]["day"] for given in made.inputs(2)) == [1, 2]
    assert all(len(given) == 1 for given in made.inputs(2))
    eventually(lambda: made.waiting(made.url) == 0, "both messages are deleted")


def test_without_a_template_the_execution_has_the_message_in_a_list(plumbing):
    made = plumbing()
    made.send("hello")
    (record,) = made.inputs()[0]
    assert (record["body"], record["eventSource"], record["eventSourceARN"]) == ("hello", "aws:sqs", made.arn(made.url))


def test_a_message_that_starts_nothing_goes_to_the_dead_letters_of_its_queue(plumbing):
    made = plumbing(target="arn:aws:states:us-east-1:123456789012:stateMachine:missing", InputTemplate="<$.body>")
    made.send('{"day": 1}')
    eventually(lambda: made.waiting(made.dead) == 1, "the message is a dead letter")
    assert made.sfn.list_executions(stateMachineArn=made.machine)["executions"] == []


def test_a_stopped_pipe_lets_messages_wait(plumbing, local_aws):
    stopped, running = plumbing(InputTemplate="<$.body>"), plumbing(InputTemplate="<$.body>")
    eventually(lambda: stopped.pipes.describe_pipe(Name=stopped.name)["CurrentState"] == "RUNNING", "the pipe runs")
    stopped.pipes.stop_pipe(Name=stopped.name)
    stopped.send('{"day": 1}')
    running.send('{"day": 1}')
    running.inputs()
    assert stopped.waiting(stopped.url) == 1
    stopped.pipes.start_pipe(Name=stopped.name)
    assert stopped.inputs() == [[{"day": 1}]]


RECORD = {"messageId": "m-1", "body": '{"day": 1, "of": {"name": "a \\"b\\""}}'}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("<$.body>", {"day": 1, "of": {"name": 'a "b"'}}),
        ('{"n":<$.body.day>,"name":<$.body.of.name>,"fixed":[true]}', {"n": 1, "name": 'a "b"', "fixed": [True]}),
        ('{"text":"no. <$.body.day> of <$.body.of.name>, <$.messageId>"}', {"text": 'no. 1 of a "b", m-1'}),
        ('{"by":<aws.pipes.pipe-name>}', {"by": "p"}),
    ],
)
def test_templates(template, expected):
    assert json.loads(filled(template, RECORD, {"aws.pipes.pipe-name": "p"})) == expected


def test_a_body_that_is_no_json_is_a_text():
    assert json.loads(filled('{"text":<$.body>}', {"body": "hello"}, {})) == {"text": "hello"}


@pytest.mark.parametrize("template", ["<$.body.hour>", "<aws.pipes.event.ingestion-time>"])
def test_what_a_message_does_not_have_or_the_model_does_not_know_is_no_blank(template):
    with pytest.raises(LocalAwsError, match=r"the message has no|is not modelled by the local AWS"):
        filled(template, RECORD, {})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"Source": "arn:aws:kinesis:us-east-1:123456789012:stream/s"}, "the source .* is not modelled"),
        ({"Target": "arn:aws:lambda:us-east-1:123456789012:function:f"}, "the target .* is not modelled"),
        ({"Enrichment": "arn:aws:lambda:us-east-1:123456789012:function:f"}, "the enrichment of a pipe is not modelled"),
        ({"SourceParameters": {"FilterCriteria": {"Filters": []}}}, "the parameter FilterCriteria of a pipe is not modelled"),
        ({"TargetParameters": {}}, "FIRE_AND_FORGET only"),
    ],
)
def test_what_is_not_modelled_is_refused(local_aws, given, sentence):
    usual = {
        "Source": "arn:aws:sqs:us-east-1:123456789012:q",
        "Target": "arn:aws:states:us-east-1:123456789012:stateMachine:m",
        "TargetParameters": fire_and_forget(),
    }
    with pytest.raises(ClientError, match=sentence):
        local_aws.client("pipes").create_pipe(Name="refused", RoleArn=ROLE, **{**usual, **given})
    assert [pipe["Name"] for pipe in local_aws.client("pipes").list_pipes(NamePrefix="refused")["Pipes"]] == []
