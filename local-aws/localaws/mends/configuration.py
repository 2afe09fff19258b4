"""The switches that moto offers itself."""

from __future__ import annotations

from moto.core.config import default_user_config


def install() -> None:
    default_user_config["stepfunctions"]["execute_state_machine"] = True
    default_user_config["iam"]["load_aws_managed_policies"] = True
