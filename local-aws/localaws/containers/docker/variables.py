"""`$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+alternative}` in the instructions where Docker replaces them."""

from __future__ import annotations

import re

from localaws.containers.docker.dockerfile import Instruction

_VARIABLE = re.compile(r"\\\$|\$(\w+)|\$\{(\w+)(?:(:[-+])([^}]*))?\}|\$\{[^}]*\}?")


def replaced(instruction: Instruction, text: str, values: dict[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match.group() == "\\$":
            return "$"
        name = match.group(1) or match.group(2)
        if name is None:
            raise instruction.refused(f"the form {match.group()} of a variable is not modelled by the local AWS")
        known, operator, word = values.get(name, ""), match.group(3), match.group(4) or ""
        if operator == ":+":
            return word if known else ""
        return known or (word if operator == ":-" else "")

    return _VARIABLE.sub(value, text)
