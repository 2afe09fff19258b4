"""Least squares by the normal equations, in plain Python: a handful of coefficients needs no library."""

from collections.abc import Sequence


def fit(inputs: Sequence[Sequence[float]], outputs: Sequence[float]) -> list[float]:
    """The coefficients b for which the squares of (inputs x b - outputs) are the least."""
    width = len(inputs[0])
    matrix = [[0.0] * width for _ in range(width)]
    vector = [0.0] * width
    for row, output in zip(inputs, outputs):
        for i in range(width):
            vector[i] += row[i] * output
            for j in range(width):
                matrix[i][j] += row[i] * row[j]
    return solve(matrix, vector)


def solve(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """Gaussian elimination with pivoting."""
    rows = [[*row, value] for row, value in zip(matrix, vector)]
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda index: abs(rows[index][column]))
        if abs(rows[pivot][column]) < 1e-12:
            raise ValueError("the inputs do not determine the coefficients: two columns say the same")
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for below in range(column + 1, size):
            factor = rows[below][column] / rows[column][column]
            rows[below] = [a - factor * b for a, b in zip(rows[below], rows[column])]
    solution = [0.0] * size
    for index in reversed(range(size)):
        known = sum(rows[index][other] * solution[other] for other in range(index + 1, size))
        solution[index] = (rows[index][size] - known) / rows[index][index]
    return solution


def r2(expected: Sequence[float], predicted: Sequence[float]) -> float:
    """The share of the variance that the predictions explain: 1 is all of it."""
    mean = sum(expected) / len(expected)
    unexplained = sum((e - p) ** 2 for e, p in zip(expected, predicted))
    return 1 - unexplained / sum((e - mean) ** 2 for e in expected)


def mean_absolute_error(expected: Sequence[float], predicted: Sequence[float]) -> float:
    return sum(abs(e - p) for e, p in zip(expected, predicted)) / len(expected)
