import csv
from pathlib import Path

from diamonds import is_sound, normalised, split

DATA = Path(__file__).resolve().parents[2] / "data" / "diamonds.csv"


def rows() -> list[dict[str, str]]:
    with DATA.open(newline="") as file:
        return list(csv.DictReader(file))


def test_split_loses_no_row_and_deals_evenly():
    shards = split(list(range(10)), 4)
    assert sorted(number for shard in shards for number in shard) == list(range(10))
    assert [len(shard) for shard in shards] == [3, 3, 2, 2]


def test_the_data_has_four_diamonds_without_a_size():
    assert len(rows()) == 4150
    assert sum(not is_sound(row) for row in rows()) == 4


def test_a_row_with_an_unknown_grade_is_dropped():
    assert is_sound(rows()[0])
    assert not is_sound({**rows()[0], "cut": "Excellent"})


def test_grades_become_numbers_from_the_worst_to_the_best():
    row = {"carat": "0.3", "cut": "Ideal", "color": "J", "clarity": "I1", "price": "400", "depth": "60"}
    assert normalised(row) == {"carat": "0.3", "cut": "1.0000", "color": "0.0000", "clarity": "0.0000", "price": "400"}
