from aws_cdk import App

from nightly_task_stack import NightlyTaskStack

app = App(analytics_reporting=False)
NightlyTaskStack(app, "NightlyTask", description="A report that is written every night")
app.synth()
