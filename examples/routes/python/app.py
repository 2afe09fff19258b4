from aws_cdk import App

from routes_stack import RoutesStack

app = App(analytics_reporting=False)
RoutesStack(app, "Routes", description="Services behind one load balancer, each with routes of another kind")
app.synth()
