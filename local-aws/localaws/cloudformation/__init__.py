"""A strict CloudFormation: change sets, ordered create, update and delete, rollback, exports, custom resources."""

from __future__ import annotations


def install() -> None:
    """Puts our API in the place of moto's, and reads the tables of resource types."""
    from moto.cloudformation import urls

    from localaws.cloudformation import resources  # noqa: F401  importing the package registers every type
    from localaws.cloudformation.api import CloudFormationApi

    urls.url_paths = {"{0}/$": CloudFormationApi.dispatch}
