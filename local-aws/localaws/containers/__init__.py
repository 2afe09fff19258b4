"""Containers as local processes: the image store, the docker stand-in, processes, their secrets and their logs."""
