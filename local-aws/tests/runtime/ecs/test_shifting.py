"""Blue/green, canary and linear: how much a good version and a bad one get, and when."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from runtime.applications import CRASH, Platform
from runtime.ecs.shifted import FAILING, TEST_HEADER, Clients, Shifted, alarm
from runtime.waiting import eventually

from localaws.errors import DeploymentFailed


@pytest.fixture
def shifted(platform: Platform) -> Shifted:
    return Shifted(platform)


def watched(shifted: Shifted) -> dict:
    return {"alarms": {"alarmNames": [alarm(shifted.platform)], "enable": True, "rollback": True}}


def set_alarm(shifted: Shifted, state: str = "ALARM") -> None:
    name = f"{shifted.platform.name}-errors"
    shifted.platform.local.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue=state, StateReason="by hand")


def test_blue_green_moves_all_requests_at_once_and_back_again_with_the_next_version(shifted: Shifted) -> None:
    shifted.create(2)
    shifted.wait()
    assert (shifted.says(), shifted.weights()) == ("version 1", [999, 0])
    with Clients(f"{shifted.url}/page") as clients:
        shifted.release("2")
        shifted.wait()
        assert (shifted.says(), shifted.weights(), shifted.weights(shifted.test_rule)) == ("version 2", [0, 999], [0, 999])
        shifted.release("3")
        shifted.wait()
    assert (shifted.says(), shifted.weights()) == ("version 3", [999, 0])
    assert clients.failed == 0
    assert {text for _, text in clients.answers} <= {"version 1", "version 2", "version 3"}
    assert len(shifted.platform.tasks(shifted.service)) == 2
    assert [one["status"] for one in shifted.deployments()] == ["SUCCESSFUL"] * 3


def test_the_test_rule_leads_to_the_new_version_before_any_live_request_does(shifted: Shifted) -> None:
    shifted.create(
        lifecycleHooks=[{"targetType": "PAUSE", "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"]}],
    )
    shifted.answer("CONTINUE")
    shifted.wait()
    shifted.release("2")
    shifted.paused()
    assert (shifted.says(), shifted.says(**TEST_HEADER)) == ("version 1", "version 2")
    described = shifted.deployment()
    assert described["lifecycleStage"] == "POST_TEST_TRAFFIC_SHIFT"
    new, (old,) = described["targetServiceRevision"], described["sourceServiceRevisions"]
    assert (new["requestedTestTrafficWeight"], new["requestedProductionTrafficWeight"]) == (100, 0)
    assert (old["requestedProductionTrafficWeight"], old["runningTaskCount"]) == (100, 1)
    shifted.answer("CONTINUE")
    shifted.wait()
    assert shifted.says() == "version 2"


def test_the_old_version_stays_for_the_bake_time(shifted: Shifted) -> None:
    shifted.create(bakeTimeInMinutes=1)
    shifted.wait()
    arn = shifted.release("2")
    eventually(lambda: shifted.deployment(arn)["lifecycleStage"] == "BAKE_TIME", "the new version bakes")
    assert (shifted.says(), shifted.weights()) == ("version 2", [0, 999])
    assert shifted.deployment(arn)["sourceServiceRevisions"][0]["runningTaskCount"] == 1
    shifted.wait()
    assert shifted.deployment(arn)["sourceServiceRevisions"][0]["runningTaskCount"] == 0


def test_an_alarm_in_the_bake_time_leads_all_requests_back(shifted: Shifted) -> None:
    shifted.create(**watched(shifted))
    shifted.wait()
    shifted.platform.update(shifted.service, deploymentConfiguration={"bakeTimeInMinutes": 60})
    first = shifted.platform.describe(shifted.service)["taskDefinition"]
    arn = shifted.release("2", **FAILING)
    eventually(lambda: shifted.deployment(arn)["lifecycleStage"] == "BAKE_TIME", "the new version bakes")
    assert shifted.says() == "broken"
    set_alarm(shifted)
    with pytest.raises(DeploymentFailed, match="alarm detected: .*-errors is in ALARM"):
        shifted.wait()
    assert (shifted.says(), shifted.weights(), shifted.weights(shifted.test_rule)) == ("version 1", [999, 0], [999, 0])
    eventually(lambda: shifted.deployment(arn)["status"] == "ROLLBACK_SUCCESSFUL", "the old version is whole again")
    described = shifted.deployment(arn)
    assert described["rollback"]["reason"].startswith("alarm detected")
    assert described["alarms"]["triggeredAlarmNames"] == [f"{shifted.platform.name}-errors"]
    assert shifted.platform.describe(shifted.service)["taskDefinition"] == first
    assert "alarm detected." in shifted.events()


def canary(percent: float = 20, minutes: int = 1, **more: object) -> dict:
    configuration = {"canaryPercent": percent, "canaryBakeTimeInMinutes": minutes}
    return {"strategy": "CANARY", "canaryConfiguration": configuration, **more}


def test_a_good_canary_gets_its_part_and_then_all(shifted: Shifted) -> None:
    shifted.create(**canary())
    shifted.wait()
    with Clients(f"{shifted.url}/page") as clients:
        shifted.release("2")
        eventually(lambda: shifted.weights() == [800, 200], "the canary gets its part")
        eventually(lambda: (200, "version 2") in clients.answers, "some requests are answered by it")
        assert (200, "version 1") in clients.answers[-50:]
        shifted.wait()
    assert shifted.weights() == [0, 999]
    assert clients.failed == 0


def test_a_bad_canary_fails_no_more_than_its_part(shifted: Shifted) -> None:
    shifted.create(**canary(minutes=60, **watched(shifted)))
    shifted.wait()
    shifted.release("2", **FAILING)
    eventually(lambda: shifted.weights() == [800, 200], "the canary gets its part")
    with Clients(f"{shifted.url}/page") as clients:
        eventually(lambda: len(clients.answers) > 1000, "there are many answers")
    assert 0.1 < clients.failed < 0.3  # of 1000, this is eight standard deviations from 0.2
    set_alarm(shifted)
    with pytest.raises(DeploymentFailed, match="is in ALARM"):
        shifted.wait()
    assert shifted.weights() == [999, 0]


def test_linear_goes_up_in_equal_steps(shifted: Shifted) -> None:
    linear = {"stepPercent": 40, "stepBakeTimeInMinutes": 1}
    shifted.create(strategy="LINEAR", linearConfiguration=linear)
    shifted.wait()
    seen: list[list[int]] = []

    def over() -> bool:
        if not seen or shifted.weights() != seen[-1]:
            seen.append(shifted.weights())
        return shifted.deployment()["status"] == "SUCCESSFUL"

    shifted.release("2")
    eventually(over, "the deployment ends")
    assert [weights for weights in seen if weights != [999, 0]] == [[600, 400], [200, 800], [0, 999]]


def test_a_bad_linear_release_goes_back_from_the_step_that_it_had_reached(shifted: Shifted) -> None:
    linear = {"stepPercent": 25, "stepBakeTimeInMinutes": 60}
    shifted.create(strategy="LINEAR", linearConfiguration=linear, **watched(shifted))
    shifted.wait()
    arn = shifted.release("2", **FAILING)
    eventually(lambda: shifted.weights() == [750, 250], "the first step is made")
    set_alarm(shifted)
    with pytest.raises(DeploymentFailed, match="is in ALARM"):
        shifted.wait()
    assert (shifted.says(), shifted.weights()) == ("version 1", [999, 0])
    assert shifted.deployment(arn)["targetServiceRevision"]["requestedProductionTrafficWeight"] == 0


def test_a_version_that_never_gets_healthy_gets_no_request_and_waits_until_it_is_stopped(shifted: Shifted) -> None:
    shifted.create()
    shifted.wait()
    with Clients(f"{shifted.url}/page", 1) as clients:
        arn = shifted.release("2", CRASH)
        eventually(lambda: shifted.events().count("failed:") >= 4, "more tasks fail than a circuit breaker lets pass")
        assert (shifted.deployment(arn)["status"], shifted.deployment(arn)["lifecycleStage"]) == ("IN_PROGRESS", "SCALE_UP")
        shifted.ecs.stop_service_deployment(serviceDeploymentArn=arn)
        with pytest.raises(DeploymentFailed, match="stopped by StopServiceDeployment(?s:.)*cannot find the database"):
            shifted.wait()
    assert set(clients.answers) == {(200, "version 1")}
    eventually(lambda: shifted.deployment(arn)["status"] == "ROLLBACK_SUCCESSFUL", "the deployment is rolled back")
    with pytest.raises(ClientError, match="is not in progress"):
        shifted.ecs.stop_service_deployment(serviceDeploymentArn=arn)


def test_the_next_release_after_a_failed_one_works(shifted: Shifted) -> None:
    shifted.create(**watched(shifted))
    shifted.wait()
    shifted.platform.update(shifted.service, deploymentConfiguration={"bakeTimeInMinutes": 60})
    arn = shifted.release("2")
    eventually(lambda: shifted.deployment(arn)["lifecycleStage"] == "BAKE_TIME", "the new version bakes")
    set_alarm(shifted)
    eventually(lambda: shifted.deployment(arn)["status"].startswith("ROLLBACK"), "it is rolled back")
    set_alarm(shifted, "OK")
    shifted.platform.update(shifted.service, deploymentConfiguration={"bakeTimeInMinutes": 0})
    shifted.release("3")
    shifted.wait()
    assert (shifted.says(), shifted.weights()) == ("version 3", [0, 999])


def test_a_release_in_the_middle_of_another_takes_its_place(shifted: Shifted) -> None:
    shifted.create(**canary(minutes=60))
    shifted.wait()
    with Clients(f"{shifted.url}/page", 2) as clients:
        second = shifted.release("2")
        eventually(lambda: shifted.weights() == [800, 200], "the canary gets its part")
        shifted.platform.update(shifted.service, deploymentConfiguration=canary(minutes=0))
        shifted.release("3")
        shifted.wait()
    assert (shifted.says(), shifted.weights()) == ("version 3", [0, 999])
    assert shifted.deployment(second)["status"] == "STOPPED"
    assert clients.failed == 0


def test_going_back_by_hand_in_the_middle_of_a_release(shifted: Shifted) -> None:
    shifted.create(**canary(minutes=60))
    shifted.wait()
    first = shifted.platform.describe(shifted.service)["taskDefinition"]
    shifted.release("2")
    eventually(lambda: shifted.weights() == [800, 200], "the canary gets its part")
    shifted.platform.update(shifted.service, taskDefinition=first)
    shifted.wait()
    assert (shifted.says(), shifted.weights()) == ("version 1", [999, 0])


def test_scaling_in_the_middle_of_a_release_reaches_both_versions(shifted: Shifted) -> None:
    shifted.create(2, bakeTimeInMinutes=60)
    arn = shifted.deployments()[0]["serviceDeploymentArn"]
    eventually(lambda: shifted.deployment(arn)["lifecycleStage"] == "BAKE_TIME", "the first version bakes")
    shifted.platform.update(shifted.service, deploymentConfiguration={"bakeTimeInMinutes": 0}, forceNewDeployment=True)
    shifted.wait()
    shifted.platform.update(shifted.service, deploymentConfiguration=canary(minutes=60))
    arn = shifted.release("2")
    eventually(lambda: shifted.weights() in ([800, 200], [200, 800]), "the canary gets its part")
    for desired in (3, 1):
        shifted.platform.update(shifted.service, desiredCount=desired)
        eventually(
            lambda: [
                shifted.deployment(arn)["targetServiceRevision"]["runningTaskCount"],
                shifted.deployment(arn)["sourceServiceRevisions"][0]["runningTaskCount"],
            ]
            == [desired, desired],  # noqa: B023 - looked at in this very turn
            f"both versions have {desired} tasks",
        )


def test_a_service_is_deleted_in_the_middle_of_a_deployment(shifted: Shifted) -> None:
    shifted.create(**canary(minutes=60))
    shifted.wait()
    arn = shifted.release("2")
    eventually(lambda: shifted.weights() == [800, 200], "the canary gets its part")
    shifted.ecs.delete_service(cluster=shifted.platform.name, service=shifted.service, force=True)
    assert shifted.platform.tasks(shifted.service) == []
    assert shifted.ecs.describe_service_deployments(serviceDeploymentArns=[arn])["failures"][0]["reason"] == "MISSING"
    with pytest.raises(ClientError, match="was not found"):
        shifted.ecs.stop_service_deployment(serviceDeploymentArn=arn)


def test_from_rolling_to_blue_green_and_back(shifted: Shifted) -> None:
    plain = [{key: value for key, value in shifted.load_balancers[0].items() if key != "advancedConfiguration"}]
    shifted.service = shifted.platform.service(shifted.version("1"), 1, loadBalancers=plain)
    shifted.wait()
    blue_green = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0, "lifecycleHooks": []}
    shifted.platform.update(
        shifted.service,
        taskDefinition=shifted.version("2"),
        deploymentConfiguration=blue_green,
        loadBalancers=shifted.load_balancers,
    )
    shifted.wait()
    assert (shifted.says(), shifted.weights()) == ("version 2", [0, 999])
    shifted.platform.update(
        shifted.service,
        taskDefinition=shifted.version("3"),
        deploymentConfiguration={"strategy": "ROLLING"},
        loadBalancers=plain,
    )
    shifted.wait()
    assert "bakeTimeInMinutes" not in shifted.platform.describe(shifted.service)["deploymentConfiguration"]


def test_a_rule_that_has_gone_fails_the_release_and_leaves_the_old_version(shifted: Shifted) -> None:
    shifted.create(lifecycleHooks=[{"targetType": "PAUSE", "lifecycleStages": ["POST_SCALE_UP"]}])
    shifted.answer("CONTINUE")
    shifted.wait()
    shifted.release("2")
    shifted.paused()
    shifted.elb.delete_rule(RuleArn=shifted.test_rule)
    shifted.answer("CONTINUE")
    with pytest.raises(DeploymentFailed, match="requests could not be shifted"):
        shifted.wait()
    assert shifted.says() == "version 1"
