"""Stands in for the docker command where the CDK builds image assets. Standard library only, so that any Python can
run it.
"""
