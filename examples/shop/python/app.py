from aws_cdk import App
from cdk_ecs_workloads import ClusterProfile

from shop_stack import ShopStack

PROFILES = {"production": ClusterProfile.PRODUCTION, "development": ClusterProfile.DEVELOPMENT}


def profile_of(app: App) -> ClusterProfile:
    """`cdk deploy -c profile=development` for something cheap that is deleted without a trace."""
    name = app.node.try_get_context("profile") or "production"
    if name not in PROFILES:
        raise ValueError(f"the context value 'profile' must be production or development, got \"{name}\"")
    return PROFILES[name]


app = App(analytics_reporting=False)
ShopStack(app, "Shop", profile=profile_of(app), description="A shop: two services and a pipeline")
app.synth()
