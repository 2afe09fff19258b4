"""What the columns of the data mean: which rows can be right, and how a grade becomes a number."""

GRADES = {
    "cut": ["Fair", "Good", "Very Good", "Premium", "Ideal"],
    "color": ["J", "I", "H", "G", "F", "E", "D"],
    "clarity": ["I1", "SI2", "SI1", "VS2", "VS1", "VVS2", "VVS1", "IF"],
}
"""Each from the worst to the best."""

_POSITIVE = ("carat", "price", "x", "y", "z")


def split(rows: list[dict], shards: int) -> list[list[dict]]:
    """In turns, as one deals cards: the file is ordered by price, and each shard shall hold cheap and dear ones."""
    return [rows[first::shards] for first in range(shards)]


def is_sound(row: dict[str, str]) -> bool:
    """Some diamonds of the data have a size of zero: a measurement that was not made."""
    has_sizes = all(float(row[column]) > 0 for column in _POSITIVE)
    return has_sizes and all(row[column] in grades for column, grades in GRADES.items())


def normalised(row: dict[str, str]) -> dict[str, str]:
    """The columns that the model reads, grades as numbers from 0 (worst) to 1 (best)."""
    grades = {column: f"{names.index(row[column]) / (len(names) - 1):.4f}" for column, names in GRADES.items()}
    return {"carat": row["carat"], **grades, "price": row["price"]}
