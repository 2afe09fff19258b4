"""One job: what it is given, what it leaves behind, and what is told of it."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError


def test_a_job_succeeds_with_its_exit_code_times_and_one_attempt(batch):
    queue = batch.queue()
    job = batch.ended(batch.submit(queue, batch.definition("pass")))
    assert (job["status"], job["container"]["exitCode"]) == ("SUCCEEDED", 0)
    assert job["createdAt"] <= job["startedAt"] <= job["stoppedAt"]
    assert [attempt["container"]["exitCode"] for attempt in job["attempts"]] == [0]
    assert job["statusReason"] == "Essential container in task exited"
    assert job["jobQueue"] == queue


def test_a_job_that_exits_with_another_code_fails(batch):
    job = batch.ended(batch.submit(batch.queue(), batch.definition("raise SystemExit(3)")))
    assert (job["status"], job["container"]["exitCode"]) == ("FAILED", 3)


def test_a_job_that_a_signal_ends_has_128_and_its_number(batch):
    job = batch.ended(batch.submit(batch.queue(), batch.definition("import os; os.kill(os.getpid(), 9)")))
    assert (job["status"], job["container"]["exitCode"]) == ("FAILED", 137)


def test_without_a_command_the_image_says_what_runs(batch):
    job = batch.ended(batch.submit(batch.queue(), batch.definition()))
    assert batch.lines("/aws/batch/job", job["container"]["logStreamName"]) == ["from the image"]


def test_command_parameters_environment_and_what_batch_adds(batch):
    print_all = (
        "import os, sys; print(sys.argv[1:]); print(os.environ['A'], os.environ['B'], os.environ['AWS_BATCH_JOB_ATTEMPT']);"
        "print(os.environ['AWS_BATCH_JOB_ID'], os.environ['AWS_BATCH_JQ_NAME'], 'PYTEST_CURRENT_TEST' in os.environ)"
    )
    queue = batch.queue()
    definition = batch.definition(
        command=["python3", "-c", print_all, "Ref::input", "Ref::unknown"],
        environment=[{"name": "A", "value": "1"}, {"name": "B", "value": "1"}],
        top={"parameters": {"input": "default"}},
    )
    overrides = {"environment": [{"name": "B", "value": "2"}]}
    job_id = batch.submit(queue, definition, parameters={"input": "given"}, containerOverrides=overrides)
    lines = batch.lines("/aws/batch/job", batch.ended(job_id)["container"]["logStreamName"])
    assert lines == ["['given', 'Ref::unknown']", "1 2 1", f"{job_id} {queue.split('/')[-1]} False"]


def test_the_command_can_be_overridden(batch):
    definition = batch.definition("raise SystemExit(1)")
    job_id = batch.submit(batch.queue(), definition, containerOverrides={"command": ["python3", "-c", "pass"]})
    assert batch.ended(job_id)["status"] == "SUCCEEDED"


def test_secrets_are_in_the_environment(batch):
    secret = batch.local.client("secretsmanager").create_secret(
        Name=f"s-{batch.image[-14:-2]}", SecretString='{"key": "hidden"}'
    )
    definition = batch.definition(
        "import os; raise SystemExit(0 if os.environ['KEY'] == 'hidden' else 1)",
        secrets=[{"name": "KEY", "valueFrom": f"{secret['ARN']}:key::"}],
    )
    assert batch.ended(batch.submit(batch.queue(), definition))["status"] == "SUCCEEDED"


def test_a_secret_that_is_not_there_fails_the_job_with_the_words_of_ecs(batch):
    missing = "arn:aws:secretsmanager:us-east-1:123456789012:secret:missing-AbCdEf"
    definition = batch.definition("pass", secrets=[{"name": "KEY", "valueFrom": missing}])
    job = batch.ended(batch.submit(batch.queue(), definition))
    assert (job["status"], job["statusReason"]) == ("FAILED", "Task failed to start")
    assert job["container"]["reason"].startswith("ResourceInitializationError: unable to pull secrets")
    assert "exitCode" not in job["container"]


def test_lines_go_to_the_configured_group_in_a_stream_of_prefix_container_and_task(batch):
    batch.local.client("logs").create_log_group(logGroupName=f"/own/{batch.image}")
    options = {"awslogs-group": f"/own/{batch.image}", "awslogs-stream-prefix": "etl"}
    definition = batch.definition(
        "print('one'); print('two')", logConfiguration={"logDriver": "awslogs", "options": options}
    )
    stream = batch.ended(batch.submit(batch.queue(), definition))["container"]["logStreamName"]
    assert stream.startswith("etl/default/")
    assert batch.lines(f"/own/{batch.image}", stream) == ["one", "two"]


def test_a_log_group_that_is_not_there_fails_the_job(batch):
    options = {"awslogs-group": "/not/there"}
    definition = batch.definition("pass", logConfiguration={"logDriver": "awslogs", "options": options})
    job = batch.ended(batch.submit(batch.queue(), definition))
    assert job["status"] == "FAILED"
    assert "/not/there" in job["container"]["reason"]


def test_an_unknown_image_fails_the_job_and_says_what_to_do(batch):
    job = batch.ended(batch.submit(batch.queue(), batch.definition("pass", image="registry.example/unknown:1")))
    assert job["status"] == "FAILED"
    assert "image registry.example/unknown:1 is not known to the local AWS" in job["container"]["reason"]


def test_the_single_container_of_ecs_properties_runs(batch):
    container = {
        "name": "main",
        "image": batch.image,
        "command": ["python3", "-c", "raise SystemExit(4)"],
        "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "2048"}],
    }
    definition = batch.client.register_job_definition(
        jobDefinitionName="of-ecs", type="container", ecsProperties={"taskProperties": [{"containers": [container]}]}
    )["jobDefinitionArn"]
    job = batch.ended(batch.submit(batch.queue(), definition))
    task = job["ecsProperties"]["taskProperties"][0]
    assert (job["status"], task["containers"][0]["exitCode"]) == ("FAILED", 4)
    assert task["containers"][0]["logStreamName"].startswith("of-ecs/main/")
    described = batch.client.describe_job_definitions(jobDefinitions=[definition])["jobDefinitions"][0]
    assert described["ecsProperties"]["taskProperties"][0]["containers"][0]["image"] == batch.image


@pytest.mark.parametrize(
    ("properties", "refused"),
    [
        ({"nodeProperties": {"numNodes": 2, "mainNode": 0, "nodeRangeProperties": []}}, "nodeProperties"),
        (
            {"consumableResourceProperties": {"consumableResourceList": [{"consumableResource": "licence", "quantity": 1}]}},
            "consumableResourceProperties",
        ),
        ({"eksProperties": {"podProperties": {"containers": [{"image": "i"}]}}}, "eksProperties"),
        ({"ecsProperties": {"taskProperties": [{"containers": [{"image": "i"}, {"image": "j"}]}]}}, "more or less than one"),
        (
            {
                "containerProperties": {
                    "image": "i",
                    "volumes": [{"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}],
                }
            },
            "volume data",
        ),
    ],
)
def test_registration_refuses_what_cannot_be_run(batch, properties, refused):
    with pytest.raises(ClientError, match=f"{refused}.*not modelled by the local AWS"):
        batch.client.register_job_definition(jobDefinitionName="refused", type="container", **properties)


def test_registration_refuses_log_options_that_only_ecs_takes(batch):
    options = {"awslogs-group": "jobs", "mode": "non-blocking", "max-buffer-size": "25m"}
    with pytest.raises(ClientError, match="Log driver awslogs disallows options: max-buffer-size, mode"):
        batch.definition("pass", logConfiguration={"logDriver": "awslogs", "options": options})


def test_a_job_is_listed_under_its_status(batch):
    queue = batch.queue()
    job_id = batch.submit(queue, batch.definition("pass"))
    batch.ended(job_id)
    listed = batch.client.list_jobs(jobQueue=queue, jobStatus="SUCCEEDED")["jobSummaryList"]
    assert [job["jobId"] for job in listed] == [job_id]
    assert batch.client.list_jobs(jobQueue=queue)["jobSummaryList"] == []


@pytest.mark.parametrize("name", ["A", "a" * 128])
def test_a_name_has_1_to_128_characters(batch, name):
    submitted = batch.client.submit_job(jobName=name, jobQueue=batch.queue(), jobDefinition=batch.definition("pass"))
    assert batch.ended(submitted["jobId"])["jobName"] == name


@pytest.mark.parametrize("name", ["", "-a", "a" * 129])
def test_another_name_is_refused(batch, name):
    with pytest.raises(ClientError, match="Job name should match valid pattern"):
        batch.client.submit_job(jobName=name, jobQueue=batch.queue(), jobDefinition=batch.definition("pass"))


def test_a_job_reaches_a_load_balancer_by_its_name(batch):
    elb = batch.local.client("elbv2")
    subnets = [subnet["SubnetId"] for subnet in batch.local.client("ec2").describe_subnets()["Subnets"][:2]]
    (balancer,) = elb.create_load_balancer(Name="for-jobs", Subnets=subnets)["LoadBalancers"]
    answer = {"StatusCode": "200", "ContentType": "text/plain", "MessageBody": "hello, job"}
    action = {"Type": "fixed-response", "FixedResponseConfig": answer}
    elb.create_listener(LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=[action])
    script = f"import urllib.request; print(urllib.request.urlopen('http://{balancer['DNSName']}/').read().decode())"
    job = batch.ended(batch.submit(batch.queue(), batch.definition(script)))
    assert job["status"] == "SUCCEEDED"
    assert batch.lines("/aws/batch/job", job["container"]["logStreamName"]) == ["hello, job"]
    elb.delete_load_balancer(LoadBalancerArn=balancer["LoadBalancerArn"])
