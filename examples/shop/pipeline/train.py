"""Last step: fits the price of a diamond to its carat, cut, colour and clarity, and says how well that went."""

import math
import os
import zlib

import regression
import storage

FEATURES = ["intercept", "log(carat)", "cut", "color", "clarity"]
ONE_IN = 5
"""One row of five is kept back to judge the model with."""


def features(row: dict[str, str]) -> list[float]:
    """Prices grow with a power of the weight, so that their logarithms lie on a line."""
    return [1.0, math.log(float(row["carat"])), *(float(row[grade]) for grade in ("cut", "color", "clarity"))]


def is_for_test(row: dict[str, str]) -> bool:
    """Decided by the row alone: the same rows in every run, however the shards are cut."""
    return zlib.crc32(",".join(row.values()).encode()) % ONE_IN == 0


def train(rows: list[dict[str, str]]) -> tuple[dict, dict]:
    """The model and its metrics, in dollars, on the rows that it has not seen."""
    learned = [row for row in rows if not is_for_test(row)]
    unseen = [row for row in rows if is_for_test(row)]
    coefficients = regression.fit([features(row) for row in learned], [math.log(float(row["price"])) for row in learned])
    expected = [float(row["price"]) for row in unseen]
    predicted = [math.exp(sum(b * x for b, x in zip(coefficients, features(row)))) for row in unseen]
    metrics = {
        "rows": len(rows),
        "trainRows": len(learned),
        "testRows": len(unseen),
        "r2": round(regression.r2(expected, predicted), 4),
        "mae": round(regression.mean_absolute_error(expected, predicted), 2),
    }
    return {"predicts": "log(price)", "coefficients": dict(zip(FEATURES, coefficients))}, metrics


def main() -> None:
    rows = [row for shard in range(int(os.environ["SHARDS"])) for row in storage.read_rows("clean", f"{shard}.csv")]
    model, metrics = train(rows)
    storage.write_json("model", "model.json", model)
    storage.write_json("model", "metrics.json", metrics)
    print(f"trained on {metrics['trainRows']} rows: {metrics}")


if __name__ == "__main__":
    main()
