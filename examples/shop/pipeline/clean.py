"""Second step, an array job: each of its children cleans the shard that has its index."""

import os

import storage
from diamonds import is_sound, normalised


def main() -> None:
    shard = os.environ["AWS_BATCH_JOB_ARRAY_INDEX"]
    rows = storage.read_rows("raw", f"{shard}.csv")
    sound = [normalised(row) for row in rows if is_sound(row)]
    storage.write_rows("clean", f"{shard}.csv", sound)
    print(f"kept {len(sound)} of {len(rows)} rows of shard {shard}")


if __name__ == "__main__":
    main()
