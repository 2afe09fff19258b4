"""Stored queries and keys of log groups, as CloudFormation makes, changes and deletes them."""

from __future__ import annotations

from typing import Any

from cloudformation.network import att, of, ref

ANYBODY_READS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}


def test_stored_queries_are_read_back_changed_and_deleted(stack: Any, local_aws: Any) -> None:
    client, made = local_aws.client("logs"), stack()

    def queries(text: str) -> dict[str, Any]:
        groups = {"A": of("Logs::LogGroup"), "B": of("Logs::LogGroup")}
        stored = of("Logs::QueryDefinition", Name=f"{made.name}/Errors", QueryString=text, LogGroupNames=[ref("A"), ref("B")])
        return {**groups, "Query": stored}

    ids = made.deploy(queries("fields @message")).resources
    made.deploy(queries("fields @log"))
    assert made.resources == ids
    (found,) = client.describe_query_definitions(queryDefinitionNamePrefix=made.name)["queryDefinitions"]
    assert found == {
        "queryDefinitionId": ids["Query"],
        "name": f"{made.name}/Errors",
        "queryString": "fields @log",
        "logGroupNames": [ids["A"], ids["B"]],
    }
    made.delete()
    assert client.describe_query_definitions(queryDefinitionNamePrefix=made.name)["queryDefinitions"] == []


def test_a_log_group_gets_a_key_and_loses_it_where_it_is(stack: Any, local_aws: Any) -> None:
    client, made = local_aws.client("logs"), stack()

    def logs(**properties: Any) -> dict[str, Any]:
        return {"Key": of("KMS::Key", KeyPolicy=ANYBODY_READS), "Logs": of("Logs::LogGroup", **properties)}

    def key() -> str | None:
        (group,) = client.describe_log_groups(logGroupNamePrefix=made.resources["Logs"])["logGroups"]
        return group.get("kmsKeyId")

    ids = made.deploy(logs()).resources
    assert key() is None
    made.deploy(logs(KmsKeyId=att("Key", "Arn")))
    assert key() == local_aws.client("kms").describe_key(KeyId=ids["Key"])["KeyMetadata"]["Arn"]
    made.deploy(logs())
    assert (made.resources, key()) == (ids, None)
