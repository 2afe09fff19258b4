from aws_cdk import App

from training_pipeline_stack import TrainingPipelineStack

app = App(analytics_reporting=False)
TrainingPipelineStack(app, "TrainingPipeline", description="A model that is trained, and published if it is good")
app.synth()
