"""CloudWatch Logs Insights: stored queries, and queries that run, as far as the local model understands their language."""
