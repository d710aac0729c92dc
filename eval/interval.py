"""Bootstrap confidence intervals over questions. The only file that knows scipy."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.stats import DegenerateDataWarning, bootstrap, rankdata

Column = npt.NDArray[np.float64]
# From columns with one place a question (or [resamples, questions], with axis -1) to a value, or one a resample.
Statistic = Callable[..., "np.float64 | Column"]

RESAMPLES = 1000
LEVEL = 0.95
SEED = 20
# Resamples drawn at a time: what bounds the memory over many thousand questions.
BATCH = 100


def interval(columns: tuple[Column, ...], statistic: Statistic) -> tuple[float, float] | None:
    """The 95 % percentile interval of a statistic over questions (Efron 1979); None where it can't be told from so few.

    Deterministic: the resamples are the same ones every time.
    """
    if len(columns[0]) < 2:
        return None
    generator = np.random.default_rng(SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DegenerateDataWarning)  # a resample of one class has no AUROC: left out below
        drawn = bootstrap(columns, statistic, paired=True, vectorized=True, n_resamples=RESAMPLES, method="percentile", batch=BATCH, rng=generator)
    values = drawn.bootstrap_distribution
    values = values[~np.isnan(values)]
    if len(values) < RESAMPLES / 2:
        return None
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def ranks(values: Column) -> Column:
    """Ranks along the last axis, counted from 1, the mean of them for ties."""
    return np.asarray(rankdata(values, axis=-1), np.float64)
