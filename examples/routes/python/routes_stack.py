from aws_cdk import SecretValue, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ecs as ecs
from cdk_ecs_workloads import (
    ClusterIngress,
    ClusterNetwork,
    ClusterProfile,
    EcsMicroservice,
    FargateCluster,
    IngressWaf,
    OidcProvider,
    RouteAuthentication,
    ServiceRoute,
)
from constructs import Construct

CERTIFICATE = "12345678-1234-1234-1234-123456789012"
"""A certificate for `*.example.com`."""


class RoutesStack(Stack):
    """Services behind one load balancer, each with routes of another kind."""

    def __init__(self, scope: Construct, id: str, **kwargs) -> None:
        super().__init__(scope, id, **kwargs)
        certificate = acm.Certificate.from_certificate_arn(
            self,
            "Certificate",
            self.format_arn(service="acm", resource="certificate", resource_name=CERTIFICATE),
        )
        self.platform = FargateCluster(
            self,
            "Platform",
            profile=ClusterProfile.DEVELOPMENT,
            network=ClusterNetwork.nat_gateways(1),
            ingress=ClusterIngress.public_alb(
                certificates=[certificate], waf=IngressWaf.managed_rules(count_only=True)
            ),
        )

        self.add_service("Web", ServiceRoute.internet_facing(hosts=["www.example.com"]))
        self.add_service("Tenants", ServiceRoute.internet_facing(hosts=["*.example.com"]))
        self.add_service(
            "Orders",
            ServiceRoute.internet_facing(hosts=["api.example.com"], paths=["/orders", "/orders/*"]),
            ServiceRoute.inside_vpc(paths=["/orders", "/orders/*"]),
        )
        self.add_service(
            "OrdersBeta",
            ServiceRoute.internet_facing(hosts=["api.example.com"], paths=["/orders/*"], headers={"X-Beta": ["yes"]}),
        )
        self.add_service(
            "Invoices", ServiceRoute.internet_facing(hosts=["api.example.com"], paths=["/orders/*/invoice"])
        )
        self.add_service(
            "Import",
            ServiceRoute.internet_facing(
                hosts=["api.example.com"],
                paths=["/orders/import"],
                methods=["PUT", "POST"],
                source_ips=["203.0.113.0/24"],
            ),
        )
        self.add_service(
            "Search",
            ServiceRoute.internet_facing(
                hosts=["api.example.com"], paths=["/search"], query={"version": ["2", "2.*"]}
            ),
        )
        self.add_service(
            "Shop",
            ServiceRoute.internet_facing(
                paths=["/books", "/books/*", "/films", "/films/*", "/games", "/games/*"]
            ),
        )
        self.add_service(
            "Backoffice",
            ServiceRoute.internet_facing(hosts=["backoffice.example.com"], authentication=self.sign_in()),
        )

    def add_service(self, id: str, *routes: ServiceRoute) -> None:
        EcsMicroservice(
            self,
            id,
            cluster=self.platform,
            image=ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/httpd:2.4"),
            port=80,
            routes=list(routes),
        )

    def sign_in(self) -> RouteAuthentication:
        return RouteAuthentication.oidc(
            OidcProvider(
                issuer="https://login.example.com",
                authorization_endpoint="https://login.example.com/authorize",
                token_endpoint="https://login.example.com/token",
                user_info_endpoint="https://login.example.com/userinfo",
                client_id="backoffice",
                client_secret=SecretValue.secrets_manager("backoffice-sign-in"),
            ),
            bypass_paths=["/health", "/webhooks/*"],
        )
