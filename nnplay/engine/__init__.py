"""The engine: the only package that imports Keras. It runs in worker processes, never in the server.

An `Experiment` becomes a Keras model (`build`), whole epochs of it one compiled program (`program`), and
a piece of a run one pure function (`chunk`). `inspection` looks at a model: model in, arrays out.
`state` has the records that go in and out; it needs numpy alone, so every process may import it.
"""
