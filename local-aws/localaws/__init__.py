"""A local model of AWS: moto, a strict CloudFormation engine, and runners that execute containers as local processes."""
