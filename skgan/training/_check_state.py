"""Whether a state may be loaded into a run: one from a file can have any content."""

from __future__ import annotations

import numbers

import torch

# What the fused Adam of torch keeps of a parameter. It does not check their shapes.
MOMENTS = ("exp_avg", "exp_avg_sq")


def check_state(state, run):
    """Raise a ``ValueError`` unless `state` is one that a run of the same game, data and parameters can have.

    Parameters
    ----------
    state : object
    run : Run
        Into which the state is to be loaded.
    """
    expected = run.state_dict()
    _demand(isinstance(state, dict) and state.keys() == expected.keys(), "is not what Run.state_dict returns")
    _check_turn(state)
    _demand(
        state["max_iter"] == run.max_iter or state["turn"][0] > 0 and state["max_iter"] < run.max_iter,
        f"is of a run of max_iter={state['max_iter']} steps, but this run has {run.max_iter}, on which the learning "
        "rates depend",
    )
    _demand(_is_count(state["n_iter"]) and state["n_iter"] <= state["max_iter"], "has a wrong number of steps")
    _demand(state["turn"][0] <= state["n_iter"], "has a wrong number of steps")
    _demand(_is_count(state["n_recoveries"]), "has a wrong number of recoveries")
    for name, high in (("progress", 1.0), ("seconds", float("inf"))):
        _demand(_is_number(state[name]) and 0 <= state[name] <= high, f"has a wrong number of {name}")
    for name in ("modules", "game", "batches"):
        _check_alike(state[name], expected[name], name)
    _check_broken(state["broken"])
    for name in ("optimizers", "averages"):
        theirs, ours = _keys(state[name]), _keys(expected[name])
        _demand(theirs == ours, f"has {name} of {sorted(theirs or ())}, but this run of {sorted(ours)}")
    for player, parts in state["optimizers"].items():
        _check_optimizer(parts, run.parameters[player], f"optimizers of {player}")
    for player, average in run.averages.items():
        _check_average(state["averages"][player], average, f"averages of {player}")
    _check_history(state["history"], [player.name for player in run.players])
    _check_scores(state["scores"], run, state["n_iter"])


def _check_turn(state):
    turn, last = state["turn"], state["max_iter"]
    is_pair = isinstance(turn, list | tuple) and len(turn) == 2
    _demand(_is_count(last) and last > 0, f"has a wrong number of steps, max_iter={last!r}")
    fits = is_pair and _is_count(turn[0]) and turn[0] < last and _is_number(turn[1]) and 0 <= turn[1] <= 1
    _demand(fits, "has a wrong moment from which on the run is shorter")


def _check_alike(value, expected, name):
    """Check that a tree has the keys and lengths of another, tensors of the same shapes and dtypes, and numbers."""
    if isinstance(expected, torch.Tensor):
        alike = isinstance(value, torch.Tensor) and value.shape == expected.shape and value.dtype == expected.dtype
        _demand(alike, f"has {name} that do not fit those of this run")
        _demand(bool(torch.isfinite(value).all()), f"has {name} that are not finite")
    elif isinstance(expected, dict):
        _demand(_keys(value) == _keys(expected), f"has {name} that do not fit those of this run")
        for key, item in expected.items():
            _check_alike(value[key], item, f"{name}: {key}")
    elif isinstance(expected, list):
        _demand(isinstance(value, list) and len(value) == len(expected), f"has another number of {name}")
        for item, item_expected in zip(value, expected, strict=True):
            _check_alike(item, item_expected, name)
    else:
        _demand(_is_number(value), f"has {name}={value!r}, which is no number")


def _check_broken(state):
    _demand(_keys(state) == {"in_a_row", "counted", "on_device"}, "has no count of broken steps")
    counted = state["on_device"]
    is_scalar = isinstance(counted, torch.Tensor) and counted.dtype == torch.int64 and counted.ndim == 0
    counts = _is_count(state["in_a_row"]) and _is_count(state["counted"])
    _demand(counts and (counted is None or is_scalar), "has a wrong count of broken steps")


def _check_optimizer(parts, parameters, name):
    _demand(isinstance(parts, list) and len(parts) == len(parameters), f"has another number of {name}")
    for part, parameter in zip(parts, parameters, strict=True):
        _demand(isinstance(part, dict), f"has wrong {name}")
        if part:
            # A parameter that no loss has depended on yet has none.
            known = {"step": torch.zeros(()), **dict.fromkeys(MOMENTS, parameter.detach())}
            _check_alike(part, known, name)
            # Adam takes the root of the one, and divides by a function of the other.
            _demand(all(bool((part[key] >= 0).all()) for key in ("step", "exp_avg_sq")), f"has negative {name}")


def _check_average(state, average, name):
    _demand(_keys(state) == {"module", "earlier", "n_updates"}, f"has wrong {name}")
    expected = average.module.state_dict()
    _check_alike(state["module"], dict(expected), name)
    earlier = state["earlier"]
    _demand(isinstance(earlier, list) and len(earlier) <= len(average.kept_at), f"has too many {name}")
    for module in earlier:
        _check_alike(module, dict(expected), name)
    _demand(_is_count(state["n_updates"]), f"has a wrong number of {name}")


def _check_history(state, players):
    _demand(_keys(state) == {"every", "rows"} and _is_count(state["every"]) and state["every"] > 0, "has no history")
    rows = state["rows"]
    _demand(isinstance(rows, list) and all(_is_history(row, players) for row in rows), "has a wrong history")


def _check_scores(state, run, n_iter):
    _demand(_keys(state) == _keys(run.scores.state_dict()), "has no scores")
    steps, best = state["steps"], state["best"]
    for numbers_ in (steps, state["shares"], state["values"]):
        is_list = isinstance(numbers_, list | tuple) and all(map(_is_number, numbers_))
        _demand(is_list and len(numbers_) == len(steps), "has wrong scores")
    counts = all(_is_count(step) and step <= n_iter for step in steps)
    _demand(counts and list(steps) == sorted(set(steps)), "has wrong steps of its scores")
    _demand(isinstance(state["is_behind"], bool), "has wrong scores")
    _demand((best is None) == (state["best_iter"] is None), "has scores without their networks")
    if best is None:
        _demand(not state["is_behind"], "has scores without their networks")
        return
    _demand(_is_count(state["best_iter"]) and _is_number(state["best_mean"]), "has a wrong best score")
    expected = run.snapshot()
    _demand(_keys(best) == set(expected), "has other networks of the best score")
    for name, kept in best.items():
        most = 1 + (len(run.averages[name].kept_at) if name in run.averages else 0)
        _demand(isinstance(kept, list) and 1 <= len(kept) <= most, f"has a wrong number of networks of {name}")
        for weights in kept:
            _check_alike(weights, dict(expected[name][-1].state_dict()), f"networks of {name}")


def _is_history(row, players):
    if not (isinstance(row, list | tuple) and len(row) == 3):
        return False
    step, seconds, losses = row
    is_loss = _keys(losses) == set(players) and all(isinstance(loss, numbers.Real) for loss in losses.values())
    return _is_count(step) and _is_number(seconds) and is_loss


def _keys(value):
    return set(value) if isinstance(value, dict) else None


def _is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number(value):
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and value == value


def _demand(holds, what):
    if not holds:
        raise ValueError(f"The state {what}; pass the state of a run of the same sampler and data.")
