"""Stands for mpi4py, which a model in one process imports and does not use."""

from stand_in import module

__path__ = []
module("mpi4py.futures", MPICommExecutor=None)
module("mpi4py.MPI", COMM_WORLD=None)
