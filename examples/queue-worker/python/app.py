from aws_cdk import App

from queue_worker_stack import QueueWorkerStack

app = App(analytics_reporting=False)
QueueWorkerStack(app, "QueueWorker", description="Reports that are rendered by workers, from queues")
app.synth()
