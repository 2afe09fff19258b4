"""First step: reads the input file and deals its rows out to the shards that Clean works on side by side."""

import os

import storage
from diamonds import split


def main() -> None:
    rows = storage.read_source()
    shards = split(rows, int(os.environ["SHARDS"]))
    for number, shard in enumerate(shards):
        storage.write_rows("raw", f"{number}.csv", shard)
    print(f"extracted {len(rows)} rows into {len(shards)} shards")


if __name__ == "__main__":
    main()
