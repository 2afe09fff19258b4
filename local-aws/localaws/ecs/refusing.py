"""How the API of the local model refuses."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from moto.core.responses import ActionResult
from moto.ecs.exceptions import EcsClientException
from moto.ecs.responses import EC2ContainerServiceResponse

from localaws.errors import LocalAwsError

Action = Callable[[EC2ContainerServiceResponse], ActionResult]


def refusing(action: Action) -> Action:
    """What the local model refuses is a client error of the API, which the caller reads as a sentence."""

    @wraps(action)
    def checked(self: EC2ContainerServiceResponse) -> ActionResult:
        try:
            return action(self)
        except LocalAwsError as refused:
            raise EcsClientException(str(refused)) from refused

    return checked
