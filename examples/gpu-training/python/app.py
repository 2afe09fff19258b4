from aws_cdk import App

from gpu_training_stack import GpuTrainingStack

app = App(analytics_reporting=False)
GpuTrainingStack(app, "GpuTraining", description="A model that is trained on GPUs, on Spot as far as may be")
app.synth()
