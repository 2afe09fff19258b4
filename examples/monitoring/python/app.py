from aws_cdk import App

from monitoring_stack import MonitoringStack

app = App(analytics_reporting=False)
MonitoringStack(app, "Monitoring", description="A shop that is watched: alarms, an objective, and a dashboard of its own")
app.synth()
