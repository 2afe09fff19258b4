"""Prints what it was told, and fails if it was told to."""

import os
import sys

print(f"{os.environ['SAYS']} {os.environ.get('AWS_BATCH_JOB_ARRAY_INDEX', '')} of {os.environ.get('AWS_BATCH_JOB_ARRAY_SIZE', '1')}")
sys.exit(int(os.environ.get("EXIT_CODE", "0")))
