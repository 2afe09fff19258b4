"""Template parameters: defaults, types, allowed values, and values that come from the SSM parameter store."""

from __future__ import annotations

import re
from typing import Any

from localaws import context
from localaws.cloudformation.intrinsics import Scope, TemplateError
from localaws.cloudformation.template import Template

_SSM = "AWS::SSM::Parameter::Value<"


def resolve(template: Template, given: dict[str, str], region: str) -> dict[str, Any]:
    """The value of each declared parameter, as a Ref to it sees it. `given` holds names of SSM parameters, not their
    values.
    """
    declared = template.section("Parameters")
    unknown = set(given) - set(declared)
    if unknown:
        raise TemplateError(f"Parameters: [{', '.join(sorted(unknown))}] do not exist in the template")
    values = {name: given.get(name, declaration.get("Default")) for name, declaration in declared.items()}
    missing = [name for name, value in values.items() if value is None]
    if missing:
        raise TemplateError(f"Parameters: [{', '.join(missing)}] must have values")
    for name, value in values.items():
        _check(name, str(value), declared[name])
    return {name: _typed(str(value), declared[name]["Type"], region) for name, value in values.items()}


def _check(name: str, value: str, declaration: dict[str, Any]) -> None:
    allowed = declaration.get("AllowedValues")
    if allowed is not None and value not in map(str, allowed):
        raise TemplateError(f"Parameter {name} must be one of AllowedValues")
    pattern = declaration.get("AllowedPattern")
    if pattern is not None and not re.fullmatch(pattern, value):
        raise TemplateError(f"Parameter {name} must match pattern {pattern}")
    if declaration["Type"] == "Number":
        _check_bounds(name, _number(name, value), declaration, "Value")
    elif declaration["Type"] == "String":
        _check_bounds(name, len(value), declaration, "Length")


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise TemplateError(f"Parameter {name} must be a number") from None


def _check_bounds(name: str, measure: float, declaration: dict[str, Any], of: str) -> None:
    if measure < float(declaration.get(f"Min{of}", measure)):
        raise TemplateError(f"Parameter {name}: the least {of.lower()} is {declaration[f'Min{of}']}")
    if measure > float(declaration.get(f"Max{of}", measure)):
        raise TemplateError(f"Parameter {name}: the greatest {of.lower()} is {declaration[f'Max{of}']}")


def _typed(value: str, kind: str, region: str) -> Any:
    if kind.startswith(_SSM):
        inner = kind[len(_SSM) : -1]
        return _typed(_stored(value, inner, region), inner, region)
    if kind.startswith("List<") or kind == "CommaDelimitedList":
        return [item.strip() for item in value.split(",")]
    return value


def _stored(name: str, kind: str, region: str) -> str:
    """The value of an SSM parameter, which must be of the type that the template says: AWS takes a list for no string."""
    found = context.client("ssm", region).get_parameters(Names=[name])["Parameters"]
    if not found:
        raise TemplateError(f"Unable to fetch parameters [{name}] from parameter store for this account.")
    stored = found[0]["Type"]
    if stored == "SecureString":
        raise TemplateError(f"Parameters [{name}] referenced by template have types not supported by CloudFormation.")
    wanted = "StringList" if kind.startswith("List<") or kind == "CommaDelimitedList" else "String"
    if stored != wanted:
        raise TemplateError(f"The parameter {name} of the parameter store is a {stored}, and the template asks for {_SSM}{kind}>")
    return found[0]["Value"]


def check_rules(scope: Scope) -> None:
    """The Rules section: the CDK puts its check of the bootstrap version there."""
    for rule in scope.template.section("Rules").values():
        if "RuleCondition" in rule and not scope.evaluate(rule["RuleCondition"]):
            continue
        for assertion in rule["Assertions"]:
            if not scope.evaluate(assertion["Assert"]):
                raise TemplateError(
                    f"Template error: {assertion.get('AssertDescription', 'a rule of the template does not hold')}"
                )
