"""The instructions of a Dockerfile, one function each: what it settles, and the step that it adds to the plan."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from localaws.containers.docker import bases, copying, dockerfile, installs, variables
from localaws.containers.docker.dockerfile import Instruction
from localaws.containers.docker.errors import Refused
from localaws.containers.docker.options import BuildRequest
from localaws.containers.docker.patterns import BuildContext
from localaws.containers.docker.plan import Plan


def plan_of(request: BuildRequest) -> Plan:
    if not request.folder.is_dir():
        raise Refused(f"there is no folder {request.folder}")
    plan = Plan(request, BuildContext(request.folder, request.dockerfile))
    for instruction in dockerfile.read(request.dockerfile):
        handler = _INSTRUCTIONS.get(instruction.keyword)
        if handler is None:
            raise instruction.refused(f"{instruction.keyword} is not modelled by the local AWS")
        if plan.base is None and instruction.keyword not in ("FROM", "ARG"):
            raise instruction.refused("an instruction before FROM")
        handler(plan, instruction)
    if plan.base is None:
        raise Refused(f"{request.dockerfile} has no FROM instruction")
    if request.target not in (None, plan.stage):
        raise Refused(f"{request.dockerfile} has no stage {request.target}")
    return plan


def _from(plan: Plan, instruction: Instruction) -> None:
    if plan.base is not None:
        raise instruction.refused("several stages are not modelled by the local AWS")
    if any(not flag.startswith("--platform=") for flag in instruction.flags):
        raise instruction.refused("this flag is not modelled by the local AWS")
    words = variables.replaced(instruction, instruction.rest, plan.arguments).split()
    if len(words) == 3 and words[1].upper() == "AS":
        plan.stage = words[2]
    elif len(words) != 1:
        raise instruction.refused("an image is expected, or an image AS a name")
    plan.base = base = bases.base_of(instruction, words[0])
    plan.arguments = {}  # an ARG before FROM is known to FROM alone
    if base.note:
        print(base.note, file=sys.stderr)
    plan.add(f"FROM {base}", base.lay)


def _copy(plan: Plan, instruction: Instruction) -> None:
    words = [variables.replaced(instruction, word, plan.values()) for word in instruction.words()]
    copies = copying.planned(instruction, words, plan.workdir, plan.context)
    folder = plan.request.folder
    plan.add(f"COPY {copying.digest(copies, folder)}", lambda root: copying.perform(copies, folder, root))


def _workdir(plan: Plan, instruction: Instruction) -> None:
    text = variables.replaced(instruction, instruction.rest.strip("\"'"), plan.values())
    plan.workdir = workdir = os.path.normpath(os.path.join(plan.workdir, text))
    plan.add(f"WORKDIR {workdir}", lambda root: (root / workdir.lstrip("/")).mkdir(parents=True, exist_ok=True))


def _run(plan: Plan, instruction: Instruction) -> None:
    commands, workdir, environment = installs.commands(instruction), plan.workdir, plan.values()

    def perform(root: Path) -> None:
        for words in commands:
            installs.run(instruction, words, root, workdir, environment)

    plan.add(f"RUN {commands} {workdir} {sorted(environment.items())}", perform, is_layer=True)


def _env(plan: Plan, instruction: Instruction) -> None:
    name, _, value = instruction.rest.partition(" ")
    pairs = instruction.words() if "=" in name else [f"{name}={value.strip()}"]
    before = plan.values()
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise instruction.refused("NAME=VALUE is expected")
        plan.environment[name] = variables.replaced(instruction, value, before)


def _arg(plan: Plan, instruction: Instruction) -> None:
    for word in instruction.words():
        name, equals, default = word.partition("=")
        if name in plan.request.arguments:
            plan.arguments[name] = plan.request.arguments[name]
        elif equals:
            plan.arguments[name] = variables.replaced(instruction, default, plan.values())


def _user(plan: Plan, instruction: Instruction) -> None:
    plan.user = variables.replaced(instruction, instruction.rest, plan.values())


def _entrypoint(plan: Plan, instruction: Instruction) -> None:
    plan.entrypoint = _program(instruction)


def _command(plan: Plan, instruction: Instruction) -> None:
    plan.command = _program(instruction)


def _program(instruction: Instruction) -> list[str]:
    words = instruction.exec_form()
    return ["/bin/sh", "-c", instruction.rest] if words is None else words


def _healthcheck(plan: Plan, instruction: Instruction) -> None:
    if instruction.rest.upper() != "NONE":
        raise instruction.refused("ECS ignores an image's health check: declare it in the task definition")


def _noted(plan: Plan, instruction: Instruction) -> None:
    """EXPOSE and LABEL say something about an image; they change nothing in how it runs."""


_INSTRUCTIONS: dict[str, Callable[[Plan, Instruction], None]] = {
    "FROM": _from,
    "COPY": _copy,
    "ADD": _copy,
    "WORKDIR": _workdir,
    "RUN": _run,
    "ENV": _env,
    "ARG": _arg,
    "USER": _user,
    "ENTRYPOINT": _entrypoint,
    "CMD": _command,
    "HEALTHCHECK": _healthcheck,
    "EXPOSE": _noted,
    "LABEL": _noted,
}
