import pytest
import regression
from diamonds import is_sound, normalised
from test_diamonds import rows
from train import train


def test_fit_finds_the_line_that_the_points_lie_on():
    inputs = [[1.0, x, x * x] for x in range(5)]
    outputs = [2 - 3 * x + 0.5 * x * x for x in range(5)]
    assert regression.fit(inputs, outputs) == pytest.approx([2, -3, 0.5])


def test_fit_refuses_columns_that_say_the_same():
    with pytest.raises(ValueError, match="two columns say the same"):
        regression.fit([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]], [1.0, 2.0, 3.0])


def test_metrics_of_known_predictions():
    assert regression.r2([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]) == 1
    assert regression.r2([1.0, 2.0, 3.0], [2.0, 2.0, 2.0]) == 0
    assert regression.mean_absolute_error([1.0, 2.0], [2.0, 4.0]) == 1.5


def test_training_on_the_data_explains_most_of_the_price_whatever_the_order_of_rows():
    clean = [normalised(row) for row in rows() if is_sound(row)]
    model, metrics = train(clean)
    model_of_reversed, metrics_of_reversed = train(clean[::-1])
    assert metrics["rows"] == metrics["trainRows"] + metrics["testRows"] == 4146
    assert metrics["r2"] > 0.9
    assert metrics == metrics_of_reversed
    assert model["coefficients"] == pytest.approx(model_of_reversed["coefficients"])
    assert all(model["coefficients"][grade] > 0 for grade in ("cut", "color", "clarity"))
