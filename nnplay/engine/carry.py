"""Weights kept while something else changes: a state of one experiment, for another of the same layers."""

from dataclasses import replace

import numpy as np

from nnplay.engine.build import Network, build
from nnplay.engine.program import Program
from nnplay.engine.state import State
from nnplay.experiment import Experiment


def carried(
    experiment: Experiment, program: Program, fresh: State, state: State, made_by: Experiment
) -> State:
    """`fresh` (the first state of `experiment`) with all that fits of `state`, which `made_by` has made.

    All weights; of the optimizer's memory what has the same name and shape (nothing where it is another
    optimizer); the count of its steps, in the same share of the run where a schedule counts them. The epoch
    under way starts again. Raises `ValueError` where a weight does not fit.
    """
    before = build(made_by, made_by.batches)
    known = {name: array for name, array in zip(_names(before, made_by), state.arrays, strict=True) if name}
    names = _names(program.network, experiment)
    trainable = {id(variable) for variable in program.network.model.trainable_variables}
    arrays = []
    for name, variable, first in zip(names, program.network.variables, fresh.arrays, strict=True):
        found = known.get(name)
        fits = found is not None and found.shape == first.shape and found.dtype == first.dtype
        if not fits and id(variable) in trainable:
            raise ValueError(f"The weights {name} do not fit the other network. Reset the run to use it.")
        arrays.append(found if found is not None and fits else first)
    steps = next((place for place, name in enumerate(names) if name.endswith("/iteration")), None)
    if steps is not None and experiment.schedule != "constant" and experiment.batches != made_by.batches:
        count = round(float(arrays[steps]) * experiment.batches / made_by.batches)
        arrays[steps] = np.asarray(count, arrays[steps].dtype)
    same = experiment.data == made_by.data and experiment.loss == made_by.loss
    return replace(
        fresh,
        arrays=tuple(arrays),
        epoch=state.epoch,
        best=state.best if same else fresh.best,
        waited=state.waited if same else fresh.waited,
    )


def _names(network: Network, experiment: Experiment) -> list[str]:
    """A name for each variable that means the same in every process: layer and place, or optimizer and name.

    "" for what is not carried over: sums over an epoch, the learning rate.
    """
    names = {}
    for layer in network.model.layers:
        for place, variable in enumerate(layer.variables):
            names[id(variable)] = f"{layer.name}/{place}"
    for variable in network.optimizer.variables:
        if variable is not network.base_rate:
            names[id(variable)] = f"{experiment.optimizer}/{variable.name}"
    return [names.get(id(variable), "") for variable in network.variables]
