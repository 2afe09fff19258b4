"""Hooks in the course of a deployment: functions that say yes, no or later, and pauses that somebody ends."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError
from runtime.applications import Platform
from runtime.ecs.shifted import Shifted, function, hook, pause, told
from runtime.waiting import eventually

from localaws import pace
from localaws.errors import DeploymentFailed

STAGES = [
    "PRE_SCALE_UP",
    "POST_SCALE_UP",
    "TEST_TRAFFIC_SHIFT",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRE_PRODUCTION_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "POST_PRODUCTION_TRAFFIC_SHIFT",
]
ALL_STAGES = ["RECONCILE_SERVICE", *STAGES]


@pytest.fixture
def shifted(platform: Platform) -> Shifted:
    return Shifted(platform)


class Recorder:
    """A function that sends what it is called with to a queue, and says what the version under test deserves."""

    def __init__(self, platform: Platform, says: str = "{ hookStatus: 'SUCCEEDED' }") -> None:
        self._sqs = platform.local.client("sqs")
        self._url = self._sqs.create_queue(QueueName=platform.name)["QueueUrl"]
        send = f"""
          await fetch(process.env.AWS_ENDPOINT_URL, {{
            method: 'POST',
            headers: {{
              'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage',
              authorization: 'AWS4-HMAC-SHA256 Credential=local/20250101/us-east-1/sqs/aws4_request',
            }},
            body: JSON.stringify({{ QueueUrl: {json.dumps(self._url)}, MessageBody: JSON.stringify(event) }}),
          }});
          return {says};"""
        self.arn = function(platform, send)

    def events(self, count: int) -> list[dict]:
        found: list[dict] = []

        def enough() -> bool:
            answer = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
            found.extend(told(answer.get("Messages", [])))
            for message in answer.get("Messages", []):
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
            return len(found) >= count

        eventually(enough, f"{count} calls are recorded")
        return found


def test_functions_are_called_stage_by_stage_with_the_weights_of_the_moment(shifted: Shifted) -> None:
    recorder = Recorder(shifted.platform)
    canary = {"canaryPercent": 10, "canaryBakeTimeInMinutes": 0}
    hooks = [hook(recorder.arn, *ALL_STAGES, team="shop")]
    shifted.create(strategy="CANARY", canaryConfiguration=canary, lifecycleHooks=hooks)
    shifted.wait()
    first = recorder.events(len(STAGES))
    assert sorted(event["lifecycleStage"] for event in first) == sorted(STAGES)
    arn = shifted.release("2")
    shifted.wait()
    second = recorder.events(len(STAGES) + 2)  # the stages of the live requests come with each of the two steps
    counts = {stage: [event["lifecycleStage"] for event in second].count(stage) for stage in ALL_STAGES}
    twice = ("PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT")
    assert counts == {"RECONCILE_SERVICE": 0, **{stage: 2 if stage in twice else 1 for stage in STAGES}}
    (tested,) = [event for event in second if event["lifecycleStage"] == "POST_TEST_TRAFFIC_SHIFT"]
    revisions = [one["targetServiceRevisionArn"] for one in shifted.deployments()]
    assert tested["resourceArn"] == arn
    assert tested["hookDetails"] == {"team": "shop"}
    assert tested["executionDetails"] == {
        "serviceArn": shifted.service,
        "targetServiceRevisionArn": revisions[0],
        "testTrafficWeights": {revisions[0]: 100, revisions[1]: 0},
        "productionTrafficWeights": {revisions[0]: 0, revisions[1]: 100},
    }
    moved = [event["executionDetails"] for event in second if event["lifecycleStage"] == "PRODUCTION_TRAFFIC_SHIFT"]
    assert sorted(one["productionTrafficWeights"][revisions[0]] for one in moved) == [10, 100]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return { hookStatus: 'FAILED', hookDetails: { reason: 'the page is empty' } };", "the page is empty"),
        ("return { hookStatus: 'FAILED' };", "hookStatus FAILED"),
        ("return {};", "hookStatus None"),
        ("return 'fine';", 'it returned "fine" and no hookStatus'),
        ("throw new Error('no connection');", "it ended in an error: .*no connection"),
    ],
)
def test_a_function_that_does_not_say_yes_rolls_back_before_any_live_request(
    shifted: Shifted, body: str, reason: str
) -> None:
    shifted.create()
    shifted.wait()
    hooks = [hook(function(shifted.platform, body), "POST_TEST_TRAFFIC_SHIFT")]
    shifted.platform.update(shifted.service, deploymentConfiguration={"lifecycleHooks": hooks})
    arn = shifted.release("2")
    with pytest.raises(DeploymentFailed, match=f"hook execution failure.* at POST_TEST_TRAFFIC_SHIFT: {reason}"):
        shifted.wait()
    assert (shifted.says(), shifted.weights(), shifted.weights(shifted.test_rule)) == ("version 1", [999, 0], [999, 0])
    eventually(lambda: shifted.deployment(arn)["status"] == "ROLLBACK_SUCCESSFUL", "the deployment is rolled back")
    assert shifted.deployment(arn)["lifecycleHookDetails"][0]["status"] == "FAILED"
    assert "deployment failed: hook execution failure(s) detected." in shifted.events()


def test_a_function_that_is_not_there_rolls_back(shifted: Shifted) -> None:
    shifted.create()
    shifted.wait()
    gone = "arn:aws:lambda:us-east-1:123456789012:function:gone"
    shifted.platform.update(shifted.service, deploymentConfiguration={"lifecycleHooks": [hook(gone, "PRE_SCALE_UP")]})
    shifted.release("2")
    with pytest.raises(DeploymentFailed, match="at PRE_SCALE_UP: .*Function not found"):
        shifted.wait()
    assert len(shifted.platform.tasks(shifted.service)) == 1


def test_a_function_that_says_later_is_called_again_with_what_it_gave(shifted: Shifted) -> None:
    body = """
      const turn = Number(event.hookDetails?.turn ?? 0) + 1;
      if (turn < 3) return { hookStatus: 'IN_PROGRESS', callBackDelay: 1, hookDetails: { turn } };
      return { hookStatus: 'FAILED', hookDetails: { reason: `turn ${turn}` } };"""
    shifted.create()
    shifted.wait()
    hooks = [hook(function(shifted.platform, body), "POST_SCALE_UP")]
    shifted.platform.update(shifted.service, deploymentConfiguration={"lifecycleHooks": hooks})
    shifted.release("2")
    with pytest.raises(DeploymentFailed, match="turn 3"):
        shifted.wait()


def test_the_first_deployment_runs_its_hooks_and_has_nothing_to_go_back_to(shifted: Shifted) -> None:
    says_no = function(shifted.platform, "return { hookStatus: 'FAILED' };")
    shifted.create(lifecycleHooks=[hook(says_no, "POST_TEST_TRAFFIC_SHIFT")])
    with pytest.raises(DeploymentFailed, match="hook execution failure"):
        shifted.wait()
    assert shifted.deployment()["status"] == "ROLLBACK_FAILED"


def test_functions_hear_when_requests_move_back(shifted: Shifted) -> None:
    recorder = Recorder(shifted.platform)
    no = function(shifted.platform, "return { hookStatus: 'FAILED' };")
    shifted.create()
    shifted.wait()
    hooks = [hook(recorder.arn, "TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"), hook(no, "POST_PRODUCTION_TRAFFIC_SHIFT")]
    shifted.platform.update(shifted.service, deploymentConfiguration={"lifecycleHooks": hooks})
    arn = shifted.release("2")
    with pytest.raises(DeploymentFailed, match="at POST_PRODUCTION_TRAFFIC_SHIFT"):
        shifted.wait()
    new = shifted.deployment(arn)["targetServiceRevision"]["arn"]
    heard = [(e["lifecycleStage"], e["executionDetails"]["productionTrafficWeights"][new]) for e in recorder.events(4)]
    assert sorted(heard) == [
        ("PRODUCTION_TRAFFIC_SHIFT", 0),
        ("PRODUCTION_TRAFFIC_SHIFT", 100),
        ("TEST_TRAFFIC_SHIFT", 0),
        ("TEST_TRAFFIC_SHIFT", 0),
    ]
    assert shifted.says() == "version 1"


def test_a_pause_is_told_of_on_the_bus_and_continued(shifted: Shifted) -> None:
    local, name = shifted.platform.local, shifted.platform.name
    sqs, events = local.client("sqs"), local.client("events")
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["aws.ecs"], "detail-type": ["ECS Hook State Change"]}
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": "Queue", "Arn": arn}])
    shifted.create(lifecycleHooks=[pause("POST_TEST_TRAFFIC_SHIFT")])
    paused = shifted.paused()
    message = eventually(lambda: sqs.receive_message(QueueUrl=queue).get("Messages"), "the pause is told of")
    (event,) = told(message)
    assert event["resources"] == [shifted.service, shifted.deployment()["serviceDeploymentArn"]]
    expected = {
        "eventName": "HOOK_AWAITING_ACTION",
        "hookType": "PAUSE",
        "hookId": paused["hookId"],
        "lifecycleStage": "POST_TEST_TRAFFIC_SHIFT",
        "serviceArn": shifted.service,
        "serviceDeploymentArn": shifted.deployment()["serviceDeploymentArn"],
    }
    assert {key: event["detail"][key] for key in expected} == expected
    shifted.answer("CONTINUE")
    shifted.wait()
    assert shifted.says() == "version 1"
    with pytest.raises(ClientError, match="is not awaiting an action"):
        shifted.ecs.continue_service_deployment(
            serviceDeploymentArn=shifted.deployment()["serviceDeploymentArn"], hookId=paused["hookId"], action="ROLLBACK"
        )
    assert shifted.deployment()["lifecycleHookDetails"][0]["status"] == "SUCCEEDED"


def test_a_pause_is_answered_with_no(shifted: Shifted) -> None:
    shifted.create()
    shifted.wait()
    hooks = {"lifecycleHooks": [pause("POST_PRODUCTION_TRAFFIC_SHIFT")]}
    shifted.platform.update(shifted.service, deploymentConfiguration=hooks)
    arn = shifted.release("2")
    shifted.paused()
    assert shifted.says() == "version 2"
    shifted.answer("ROLLBACK")
    with pytest.raises(DeploymentFailed, match="the pause at POST_PRODUCTION_TRAFFIC_SHIFT was answered with ROLLBACK"):
        shifted.wait()
    assert (shifted.says(), shifted.weights()) == ("version 1", [999, 0])
    assert "answered with ROLLBACK" in shifted.deployment(arn)["statusReason"]


@pytest.mark.parametrize(("action", "status"), [("ROLLBACK", "TIMED_OUT"), ("CONTINUE", "SUCCEEDED")])
def test_a_pause_that_nobody_ends(shifted: Shifted, monkeypatch: pytest.MonkeyPatch, action: str, status: str) -> None:
    monkeypatch.setattr(pace, "FACTOR", 120.0)
    shifted.create()
    shifted.wait()
    hooks = {"lifecycleHooks": [pause("POST_SCALE_UP", 1, action)]}
    shifted.platform.update(shifted.service, deploymentConfiguration=hooks)
    arn = shifted.release("2")
    if action == "CONTINUE":
        shifted.wait()
    else:
        with pytest.raises(DeploymentFailed, match="nobody answered the pause at POST_SCALE_UP in 1 minutes"):
            shifted.wait()
    assert shifted.deployment(arn)["lifecycleHookDetails"][0]["status"] == status


def test_nobody_answers_a_pause_of_a_deployment_that_is_over(shifted: Shifted) -> None:
    shifted.create()
    shifted.wait()
    hooks = {"lifecycleHooks": [pause("POST_SCALE_UP")]}
    shifted.platform.update(shifted.service, deploymentConfiguration=hooks)
    arn = shifted.release("2")
    paused = shifted.paused()
    shifted.ecs.stop_service_deployment(serviceDeploymentArn=arn)
    with pytest.raises(ClientError, match="is not awaiting an action"):
        shifted.ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId=paused["hookId"])


def test_the_reconciliation_stage_comes_when_a_release_meets_another(shifted: Shifted) -> None:
    recorder = Recorder(shifted.platform)
    shifted.create(lifecycleHooks=[hook(recorder.arn, "RECONCILE_SERVICE"), pause("POST_SCALE_UP")])
    shifted.answer("CONTINUE")
    shifted.wait()
    shifted.release("2")
    shifted.paused()
    shifted.release("3")
    shifted.answer("CONTINUE")
    shifted.wait()
    assert [event["lifecycleStage"] for event in recorder.events(1)] == ["RECONCILE_SERVICE"]
    assert shifted.says() == "version 3"
