"""The errors that a deployment to the local model may end with: each one is a sentence that a user can act on."""


class LocalAwsError(Exception):
    """The root of all errors that the local model raises on purpose."""


class NotModelled(LocalAwsError):
    """A resource type, a property or a behaviour that the local model does not have. Never passed over in silence."""


class DeploymentFailed(LocalAwsError):
    """A service deployment that ended in the circuit breaker, or that could not start; the text says which and why."""
